// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
public import Processes
import Synchronization

/// Finds the level for each agent, tries its sandbox before the first process is started in it,
/// and makes the command line.
///
/// What was tried is remembered by its form, so that agents that differ by name alone cost one
/// probe together.
public final class SandboxKeeper: Sendable {
    /// The programs that confine.
    public let tools: SandboxTools
    private let clock: any MonotonicClock
    private let outcomes = Mutex<[String: SandboxProbe.Outcome]>([:])

    /// Prepares the keeping.
    public init(tools: SandboxTools, clock: any MonotonicClock) {
        self.tools = tools
        self.clock = clock
    }

    /// The level at which an agent's command runs.
    /// - Throws: A ``SupervisorError`` with code `sandbox` when its minimum is not to be had or a
    ///   row of the probe does not hold.
    func level(
        of policy: AgentSandbox,
        _ sandbox: Sandbox,
        for command: ChildCommand
    ) throws -> SandboxLevel {
        let minimum = policy.agent.sandbox.minimum(isNative: policy.agent.command.isEmpty)
        guard minimum != .unsafe else { return .none }
        let levels: [SandboxLevel] = minimum == .full ? [.full] : [.full, .launcher]
        var reasons: [String] = []
        for level in levels {
            switch try outcome(at: level, policy, sandbox, command) {
            case .holds: return level
            case .unavailable(let reason): reasons.append("level \(level.rawValue): \(reason)")
            case .broken(let rows):
                throw SupervisorError(
                    .sandbox,
                    "the sandbox of \(policy.agent.name) does not hold what level"
                        + " \(level.rawValue) promises: \(rows.joined(separator: ", "))",
                    hint: "docs/sandbox.md says what each row means"
                )
            }
        }
        throw SupervisorError(
            .sandbox,
            "there is no sandbox for \(policy.agent.name): \(reasons.joined(separator: "; "))",
            hint: minimum == .full
                ? "install bubblewrap and allow user namespaces, or give the agent sandbox: {level:"
                    + " B} in orchestrator.yml; docs/sandbox.md says what that leaves open"
                : "docs/sandbox.md says what it needs"
        )
    }

    /// Forgets which sandboxes were not to be had, so that they are tried again.
    func forgetRefusals() {
        outcomes.withLock { known in known = known.filter { $0.value == .holds } }
    }

    /// A command as it runs at a level.
    func confine(
        _ command: ChildCommand,
        _ sandbox: Sandbox,
        at level: SandboxLevel,
        hasTerminal: Bool = false
    ) throws(ProcessError) -> ChildCommand {
        var command = command
        if level == .launcher, let work = sandbox.writable.first(where: { $0.hasSuffix("/work") }) {
            // There is no `/tmp` of its own.
            command.environment.append(("TMPDIR", work))
        }
        return try command.confined(
            by: sandbox,
            level: level,
            tools: tools,
            hasTerminal: hasTerminal
        )
    }

    private func outcome(
        at level: SandboxLevel,
        _ policy: AgentSandbox,
        _ sandbox: Sandbox,
        _ command: ChildCommand
    ) throws -> SandboxProbe.Outcome {
        let key = "\(level.rawValue)\n\(policy.shape(of: sandbox))"
        if let known = outcomes.withLock({ $0[key] }) { return known }
        let probe = SandboxProbe(
            level: level,
            sandbox: sandbox,
            tools: tools,
            hidden: policy.hidden,
            fixed: policy.fixed
        )
        let outcome = try probe.run(inPlaceOf: command, clock: clock)
        outcomes.withLock { $0[key] = outcome }
        return outcome
    }
}
