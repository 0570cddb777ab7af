// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Tries, in a sandbox and by its own command line, what the sandbox must stop and must allow.
///
/// The launcher is the program that is run, in its mode `probe`; it writes a line for each row
/// that does not hold.
public struct SandboxProbe: Sendable {
    /// What came of a probe.
    public enum Outcome: Sendable, Hashable {
        /// Every row held.
        case holds
        /// These rows did not, as `name=value`.
        case broken([String])
        /// The sandbox could not be entered, and what was said about it.
        case unavailable(String)
    }

    /// How long a probe may take.
    static let patience: Duration = .seconds(20)

    /// The level whose promises are tried.
    public let level: SandboxLevel
    /// The sandbox.
    public let sandbox: Sandbox
    /// The programs that confine.
    public let tools: SandboxTools
    /// Paths that must not be readable, whatever they are.
    public let hidden: [String]
    /// Paths that must not be writable.
    public let fixed: [String]

    /// Names the parts; what the sandbox itself names must be readable or writable.
    public init(
        level: SandboxLevel,
        sandbox: Sandbox,
        tools: SandboxTools,
        hidden: [String],
        fixed: [String]
    ) {
        self.level = level
        self.sandbox = sandbox
        self.tools = tools
        self.hidden = hidden
        self.fixed = fixed
    }

    /// Runs the probe in place of a command's program.
    /// - Parameters:
    ///   - command: The command as it is without the sandbox.
    ///   - clock: The clock of its deadline.
    /// - Returns: What came of it.
    /// - Throws: A ``ProcessError`` when not even the first program can be started for want of
    ///   processes or descriptors.
    public func run(
        inPlaceOf command: ChildCommand,
        clock: any MonotonicClock
    ) throws(ProcessError) -> Outcome {
        let errors = ProbeErrors()
        var probe = command
        probe.program = .path(tools.launcher)
        probe.arguments = ["probe"] + rows(of: command)
        probe.errorSink = errors.take
        let passage = sandbox.hasListener ? try ListenerPassage() : nil
        probe.inherited = (passage?.inherited).map { [$0] } ?? []
        let deadline = clock.deadline(in: Self.patience)
        let child: Child
        do throws(ProcessError) {
            child = try Child.start(
                probe.confined(by: sandbox, level: level, tools: tools),
                clock: clock
            )
        } catch {
            guard error.code != .resourceLimit else { throw error }
            return .unavailable(error.description)
        }
        if let passage {
            // A launcher that fails says more in its errors.
            _ = try? passage.receive(until: deadline, clock: clock)
        }
        return try read(child, errors, rows: probe.arguments.count - 1, deadline, clock)
    }

    /// The rows that this level promises for a command.
    func rows(of command: ChildCommand) -> [String] {
        let names = command.environment.map(\.name) + (level == .full ? ["PWD"] : [])
        let none =
            ["namespaces", "privileges", "free-calls", "unix-sockets", "datagrams", "descriptors"]
            + (level == .full ? ["interfaces"] : [])
        return none.map { "none=\($0)" } + ["tcp=\(sandbox.hasListener ? "yes" : "no")"]
            + (level == .full ? ["unseen=\(getpid()):\(ownName)"] : [])
            + (hidden + foreign).map { "hidden=\($0)" }
            + fixed.map { "fixed=\($0)" }
            + (["/usr"] + sandbox.readable).map { "visible=\($0)" }
            + sandbox.writable.map { "writable=\($0)" }
            + ["environment=\(names.joined(separator: ","))"]
            + sandbox.limits.options.filter { !$0.hasPrefix("space=") && !$0.hasPrefix("cpu=") }
            + (SandboxLimits.countsProcesses ? ["counted=\(sandbox.limits.processes)"] : [])
    }

    /// Files of the system that say who is there, unless a person lets them be read.
    private var foreign: [String] {
        ["/etc/passwd", "/etc/shadow"].filter { path in
            !sandbox.readable.contains { Sandbox.holds($0, path) }
        }
    }

    private var ownName: String {
        let bytes = ProcessTable.read("/proc/self/comm", limitBytes: 64) ?? []
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }

    private func read(
        _ child: Child,
        _ errors: ProbeErrors,
        rows: Int,
        _ deadline: MonotonicInstant,
        _ clock: any MonotonicClock
    ) throws(ProcessError) -> Outcome {
        var lines: [String] = []
        while true {
            let events = try ChildGroup.wait(for: [child], until: deadline, clock: clock)
            for event in events {
                switch event {
                case .line(_, let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
                case .exited(_, let status):
                    guard status == .exited(code: 0), lines.last == "rows \(rows)" else {
                        return .unavailable(errors.text ?? "the probe ended: \(status)")
                    }
                    let broken = lines.dropLast().map { $0.replacing("broken ", with: "") }
                    return broken.isEmpty ? .holds : .broken(broken)
                case .failed(_, let error): throw error
                case .timedOut:
                    try child.terminate(steps: [])
                    return .unavailable("the probe took longer than \(Self.patience)")
                case .closedOutput, .interrupted: break
                }
            }
        }
    }
}
