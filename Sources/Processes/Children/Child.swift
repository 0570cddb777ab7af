// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

/// A running program that reads and writes lines, in a session and process group of its own.
///
/// Its input and output are pipes; its errors go to a log file, or line by line to a sink while
/// somebody waits for it, sends it something or ends it. It is killed when this process
/// ends for any reason, and with its whole group when this value goes away. Not for use from two
/// threads at once.
public final class Child {
    /// The process number, which is also the number of its group and session.
    public let processID: Int32
    /// The program, for messages.
    public let name: String

    let clock: any MonotonicClock
    let process: Descriptor
    /// What its descendants have in their environment, unless they clear it.
    let marks: [[UInt8]]
    let reportsSignalsAsCodes: Bool
    var input: Descriptor?
    var output: Descriptor?
    var buffer: LineBuffer
    /// Its errors; nil when they go to a file.
    let errors: ErrorPipe?
    /// What counts its processes; nil when the kernel does so by user, or nothing is to be counted.
    var group: CountedGroup?
    /// How it ended, once it has been reaped.
    var reaped: ExitStatus?
    var hasReportedEnd = false
    /// A failure to read that has not been reported yet.
    var readFailure: ProcessError?

    private init(
        processID: Int32,
        process: consuming Descriptor,
        input: consuming Descriptor,
        output: consuming Descriptor,
        errors: ErrorPipe?,
        group: CountedGroup?,
        marks: [[UInt8]],
        command: ChildCommand,
        clock: any MonotonicClock
    ) {
        self.processID = processID
        self.name = command.programName
        self.process = process
        self.input = consume input
        self.output = consume output
        self.errors = errors
        self.group = group
        self.marks = marks
        self.buffer = LineBuffer(limitBytes: command.lineLimitBytes)
        self.reportsSignalsAsCodes = command.reportsSignalsAsCodes
        self.clock = clock
    }

    deinit {
        guard reaped == nil else { return }
        // A process that cannot be reaped now is stuck in the kernel; nobody is left to tell.
        _ = try? killAll(ProcessTable.descendants(of: processID))
    }

    /// Starts a program and returns once it has been executed.
    ///
    /// - Throws: `noSuchProgram`, `noSuchFolder`, `notExecutable`, `permissionDenied`,
    ///   `invalidCommand`, or `resourceLimit` when processes or descriptors have run out. No
    ///   process is left behind then.
    public static func start(
        _ command: ChildCommand,
        clock: any MonotonicClock
    ) throws(ProcessError) -> Child {
        try command.requireWellFormed()
        let path = try command.locateProgram()
        let errors = try openErrors(command, clock)
        let inward = try DescriptorPair.makePipe()
        let outward = try DescriptorPair.makePipe()
        try inward.second.makeNonBlocking()
        try outward.first.makeNonBlocking()
        let standard = (inward.first.number, outward.second.number, errors.childEnd.number)
        let marks = KnownChildren.marks(of: command)
        let group = command.mostProcesses.flatMap { CountedGroup(limit: $0) }
        var result = desk_spawn_result()
        KnownChildren.noting(marks) {
            result = spawn(command, path: path, standard: standard, group: group)
            return result.pid
        }
        guard result.step == Int32(DESK_STEP_NONE.rawValue) else {
            throw startError(command, path: path, result)
        }
        return Child(
            processID: result.pid,
            process: Descriptor(adopting: result.pidfd),
            input: inward.second,
            output: outward.first,
            errors: errors.pipe,
            group: group,
            marks: marks,
            command: command,
            clock: clock
        )
    }

    /// The end that the child gets, and the other one when there is a sink.
    private static func openErrors(
        _ command: ChildCommand,
        _ clock: any MonotonicClock
    ) throws(ProcessError) -> ErrorEnds {
        guard let sink = command.errorSink else {
            return ErrorEnds(childEnd: try openLog(command), pipe: nil)
        }
        let pair = try DescriptorPair.makePipe()
        try pair.first.makeNonBlocking()
        return ErrorEnds(
            childEnd: pair.second,
            pipe: ErrorPipe(pair.first, sink: sink, clock: clock)
        )
    }

    private static func openLog(_ command: ChildCommand) throws(ProcessError) -> Descriptor {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY
        let number = open(command.errorLogPath, flags, 0o600)
        guard number >= 0 else {
            throw ProcessError("open log", command.errorLogPath, errorNumber: errno)
        }
        return Descriptor(adopting: number)
    }

    private static func spawn(
        _ command: ChildCommand,
        path: String,
        standard: (Int32, Int32, Int32),
        group: CountedGroup?
    ) -> desk_spawn_result {
        let arguments = CStringArray([path] + command.arguments)
        let environment = CStringArray(command.environment.map { "\($0.name)=\($0.value)" })
        // The third is null, as the end of the list, when there is no group.
        let words = CStringArray([path, command.workingFolder] + (group.map { [$0.list] } ?? []))
        let sources = command.inherited.map(\.source)
        let targets = command.inherited.map(\.target)
        var result = desk_spawn_result()
        sources.withUnsafeBufferPointer { sources in
            targets.withUnsafeBufferPointer { targets in
                var request = desk_spawn_request(
                    path: words.pointers[0],
                    arguments: arguments.pointers.baseAddress,
                    environment: environment.pointers.baseAddress,
                    folder: words.pointers[1],
                    group: words.pointers[2],
                    standard: standard,
                    sources: sources.baseAddress,
                    targets: targets.baseAddress,
                    inherited_count: Int32(sources.count)
                )
                desk_spawn(&request, &result)
            }
        }
        return result
    }
}

/// Where a child's errors go: its own end, and ours.
private struct ErrorEnds: ~Copyable {
    let childEnd: Descriptor
    let pipe: ErrorPipe?
}
