// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite("Children")
struct ChildTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("a line that is sent comes back from cat")
    func echo() throws {
        let child = try Child.start(scratch.command("/bin/cat"), clock: clock)

        try child.send(line: Array("hello".utf8), until: soon())
        let events = try ChildGroup.wait(for: [child], until: soon(), clock: clock)

        #expect(events == [.line(0, Array("hello".utf8))])
        #expect(child.exitStatus == .running)
    }

    @Test("what is written behind the last line feed can be taken once the child has ended")
    func unfinishedLine() throws {
        var command = scratch.command("/bin/sh")
        command.arguments = ["-c", #"printf 'one\ntwo'"#]
        let child = try Child.start(command, clock: clock)

        let early = child.takeUnfinishedLine()
        var lines: [ChildEvent] = []
        while child.exitStatus == .running || !lines.contains(.exited(0, .exited(code: 0))) {
            lines += try ChildGroup.wait(for: [child], until: soon(), clock: clock)
        }

        #expect(early.isEmpty)
        #expect(lines.contains(.line(0, Array("one".utf8))))
        #expect(child.takeUnfinishedLine() == Array("two".utf8))
        #expect(child.takeUnfinishedLine().isEmpty)
    }

    @Test("a missing program is an error that names the path")
    func missingProgram() {
        let error = #expect(throws: ProcessError.self) {
            try Child.start(scratch.command("/no/such/program"), clock: clock)
        }

        #expect(error?.code == .noSuchProgram)
        #expect(error?.description.contains("/no/such/program: no such file") == true)
    }

    @Test("a name that no folder holds is an error that lists the folders")
    func missingName() {
        var command = scratch.command("")
        command.program = .named("no-such-name", searchPath: ["/usr/bin", "/bin"])

        let error = #expect(throws: ProcessError.self) { try Child.start(command, clock: clock) }

        #expect(error?.code == .noSuchProgram)
        #expect(error?.hint.contains("/usr/bin, /bin") == true)
    }

    @Test("a name is found in the search path")
    func foundName() throws {
        var command = scratch.command("")
        command.program = .named("true", searchPath: ["/nowhere", "/usr/bin", "/bin"])

        let events = try allEvents(of: Child.start(command, clock: clock))

        #expect(events.last == .exited(0, .exited(code: 0)))
    }

    @Test("a missing working folder is an error")
    func missingFolder() {
        var command = scratch.command("/bin/cat")
        command.workingFolder = "/no/such/folder"

        let error = #expect(throws: ProcessError.self) { try Child.start(command, clock: clock) }

        #expect(error?.code == .noSuchFolder)
    }

    @Test("a file without the right to run is an error")
    func notAllowed() {
        let error = #expect(throws: ProcessError.self) {
            try Child.start(scratch.command("/etc/passwd"), clock: clock)
        }

        #expect(error?.code == .permissionDenied)
    }

    @Test("an executable that is no program is an error")
    func notExecutable() throws {
        let path = scratch.file("noise")
        close(open(path, O_CREAT | O_WRONLY, 0o700))

        let error = #expect(throws: ProcessError.self) {
            try Child.start(scratch.command(path), clock: clock)
        }

        #expect(error?.code == .notExecutable)
    }

    @Test("malformed commands are refused", arguments: 0..<6)
    func malformed(row: Int) {
        var command = scratch.command("/bin/cat")
        switch row {
        case 0: command.arguments = ["a\0b"]
        case 1: command.environment = [("A=B", "c")]
        case 2: command.environment = [("A", "1"), ("A", "2")]
        case 3: command.inherited = [.init(source: 0, target: 2)]
        case 4: command.inherited = (3..<20).map { .init(source: 0, target: $0) }
        default: command.program = .path("bin/cat")
        }

        let error = #expect(throws: ProcessError.self) { try Child.start(command, clock: clock) }

        #expect(error?.code == .invalidCommand)
    }

    @Test("a descriptor that is not open cannot be handed over")
    func closedSource() {
        var command = scratch.command("/bin/cat")
        command.inherited = [.init(source: 9999, target: 3)]

        let error = #expect(throws: ProcessError.self) { try Child.start(command, clock: clock) }

        #expect(error?.code == .invalidCommand)
    }

    @Test("the environment is exactly what was given, and standard error goes to the log")
    func environmentAndLog() throws {
        var command = scratch.shell("env | sort | grep -v ^_= ; echo one >&2; echo two >&2")
        command.environment.append(("DESK", "yes"))

        let events = try allEvents(of: Child.start(command, clock: clock))
        _ = try allEvents(of: Child.start(scratch.shell("echo three >&2"), clock: clock))

        let lines = events.compactMap { event -> String? in
            guard case .line(_, let bytes) = event else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(lines == ["DESK=yes", "PATH=/usr/bin:/bin", "PWD=\(scratch.path)"])
        #expect(text(scratch.file("errors.log")) == "one\ntwo\nthree\n")
    }

    @Test("a child has no descriptor but the ones it was given")
    func descriptors() throws {
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let pair = try DescriptorPair.makeSocketPair(kind: .stream)
        var command = scratch.command("/bin/ls", ["/proc/self/fd"])
        command.inherited = [
            .init(source: pair.first.number, target: 4), .init(source: leak, target: 3),
        ]

        let events = try allEvents(of: Child.start(command, clock: clock))

        // The listing itself opens the folder, as the lowest number that is free: 5.
        let numbers = (0...5).map { ChildEvent.line(0, Array("\($0)".utf8)) }
        #expect(events == numbers + [.closedOutput(0), .exited(0, .exited(code: 0))])
    }

    @Test("a crash is reported with its signal after the last line")
    func crash() throws {
        let child = try Child.start(scratch.shell("echo last; kill -SEGV $$"), clock: clock)

        let events = try allEvents(of: child)

        #expect(events.first == .line(0, Array("last".utf8)))
        #expect(events.last == .exited(0, .signalled(number: SIGSEGV)))
    }

    @Test("an exit code is a value, and nothing is reported after it")
    func exitCode() throws {
        let child = try Child.start(scratch.shell("exit 7"), clock: clock)

        let events = try allEvents(of: child)

        #expect(events.last == .exited(0, .exited(code: 7)))
        #expect(child.exitStatus == .exited(code: 7))
        #expect(try ChildGroup.wait(for: [child], until: soon(), clock: clock).isEmpty)
    }

    @Test("300 children of short-lived threads all end by themselves")
    func shortLivedThreads() throws {
        for _ in 0..<300 {
            let box = Box(scratch.command("/bin/cat"))
            var thread = pthread_t()
            let pointer = Unmanaged.passRetained(box).toOpaque()
            pthread_create(
                &thread,
                nil,
                { raw in
                    guard let raw else { return nil }
                    let box = Unmanaged<Box>.fromOpaque(raw).takeRetainedValue()
                    box.child = try? Child.start(box.command, clock: clock)
                    return nil
                },
                pointer
            )
            pthread_join(thread, nil)

            let child = try #require(box.child)
            child.closeInput()

            #expect(try allEvents(of: child).last == .exited(0, .exited(code: 0)))
        }
    }
}

private final class Box {
    let command: ChildCommand
    var child: Child?
    init(_ command: ChildCommand) { self.command = command }
}
