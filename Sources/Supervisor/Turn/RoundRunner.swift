// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Logging
import Processes

/// Runs the turns of one round side by side and tries again what failed.
///
/// A turn fails by crash, by deadline, by an error answer or by output that is refused. Each time
/// its process is killed, its worktree is put back to the last commit, and the same turn runs
/// again: same number, same inbox. After the allowed attempts the inbox is parked.
final class RoundRunner {
    private let desk: OpenDesk
    private let processes: [AgentName: AgentProcess]
    private let gateway: GatewayProcess
    private let surroundings: Surroundings

    /// What a turn's attempts have come to so far.
    private struct Attempts {
        /// Failures that the agent itself is to blame for.
        var own = 0
        /// Failures that came from outside: a kill signal, or the gateway's death.
        var foreign = 0
        var reason = ""
    }

    /// Failures from outside that one turn survives before it is parked all the same.
    static let foreignLimit = 50

    init(desk: OpenDesk, gateway: GatewayProcess, surroundings: Surroundings) {
        self.desk = desk
        self.gateway = gateway
        self.surroundings = surroundings
        processes = Dictionary(
            uniqueKeysWithValues: desk.configuration.agents.map {
                ($0.name, AgentProcess(agent: $0))
            }
        )
    }

    /// Runs every plan to its outcome.
    /// - Parameters:
    ///   - plans: The turns of the round.
    ///   - publish: Called before a worktree is put back, which is done from the branch as it is
    ///     published.
    /// - Returns: The outcomes, in the order of the plans.
    /// - Throws: A ``SupervisorError`` with code `interrupted` when a person asks to stop.
    func run(
        _ plans: [TurnPlan],
        beforeReset publish: () throws -> Void
    ) throws -> [TurnOutcome] {
        var outcomes = [TurnOutcome?](repeating: nil, count: plans.count)
        var attempts = [Attempts](repeating: Attempts(), count: plans.count)
        var open = Array(plans.indices)
        while !open.isEmpty {
            let generation = gateway.generation
            let results = try attempt(open.map { plans[$0] })
            let gatewayDied = gateway.generation != generation && generation > 0
            for (index, result) in zip(open, results) {
                switch result {
                case .success(let outcome): outcomes[index] = outcome
                case .failure(let failure):
                    let isForeign =
                        failure.isForeign || (gatewayDied && plans[index].agent.role.usesGateway)
                    note(failure, isForeign, plans[index], &attempts[index])
                    try publish()
                    outcomes[index] = try settle(plans[index], attempts[index])
                }
            }
            open = plans.indices.filter { outcomes[$0] == nil }
            if let worst = open.map({ attempts[$0].own }).max() { try pause(after: worst) }
        }
        return outcomes.compactMap { $0 }
    }

    /// Ends all processes.
    func stop() {
        for name in processes.keys.sorted() { processes[name]?.stop() }
    }

    private func attempt(_ plans: [TurnPlan]) throws -> [Result<TurnOutcome, TurnFailure>] {
        let deadline = surroundings.clock.deadline(
            in: .milliseconds(desk.configuration.supervision.turnTimeout.milliseconds)
        )
        var exchange = RoundExchange(deadline: deadline, surroundings: surroundings)
        for plan in plans {
            guard let process = processes[plan.name] else { continue }
            try exchange.add(plan, process, folder: folder(of: plan.agent)) {
                try self.start(process, plan, until: deadline)
            }
        }
        return try exchange.finish()
    }

    private func start(
        _ process: AgentProcess,
        _ plan: TurnPlan,
        until deadline: MonotonicInstant
    ) throws {
        let role = plan.agent.role
        process.forgetIfEnded()
        if role.usesGateway {
            // Asking first brings a dead gateway back, and its clients must be connected anew.
            _ = try gateway.ask(
                "round/begin",
                ["time": .string(plan.time.description), "round": .int(Int64(plan.round))]
            )
            if process.gatewayGeneration != gateway.generation { process.kill() }
        }
        if process.child == nil {
            let socket = role.usesGateway ? try gateway.connect(role: role.rawValue) : nil
            let number = socket?.descriptor.number
            try process.start(
                surroundings.launcher.command(for: plan.agent, desk: desk.folder, gateway: number),
                context: desk.context(for: plan.agent),
                gatewayGeneration: gateway.generation,
                clock: surroundings.clock,
                until: deadline
            )
            surroundings.logger.debug(
                "agent started",
                metadata: ["agent": "\(plan.name)", "pid": "\(process.child?.processID ?? 0)"]
            )
        }
        try process.send(TurnContract.Run(turn: plan.turn, time: plan.time), until: deadline)
    }

    private func folder(of agent: AgentConfiguration) -> TurnFolder {
        TurnFolder(
            agent: agent,
            worktree: desk.folder.worktree(agent.name),
            limits: desk.configuration.supervision
        )
    }

    private func note(
        _ failure: TurnFailure,
        _ isForeign: Bool,
        _ plan: TurnPlan,
        _ attempts: inout Attempts
    ) {
        if isForeign { attempts.foreign += 1 } else { attempts.own += 1 }
        attempts.reason = failure.reason
        surroundings.logger.warning(
            "turn failed",
            metadata: [
                "agent": "\(plan.name)", "turn": "\(plan.turn)", "reason": "\(failure.reason)",
                "attempt": "\(attempts.own)", "foreign": "\(attempts.foreign)",
            ]
        )
    }

    /// Puts the worktree back, and parks the inbox when no attempt is left.
    private func settle(_ plan: TurnPlan, _ attempts: Attempts) throws -> TurnOutcome? {
        processes[plan.name]?.kill()
        try WorktreeKeeper(desk: desk).reset(plan.agent)
        let allowed = desk.configuration.supervision.attempts
        guard attempts.own >= allowed || attempts.foreign >= Self.foreignLimit else { return nil }
        surroundings.logger.error(
            "inbox parked as a dead letter",
            metadata: ["agent": "\(plan.name)", "turn": "\(plan.turn)"]
        )
        return .parked(reason: attempts.reason)
    }

    private func pause(after failures: Int) throws {
        let base = desk.configuration.supervision.backoff.milliseconds
        let wait = min(base << min(max(0, failures - 1), 10), 30_000)
        let isInterrupted = try Pause.wait(
            until: surroundings.clock.deadline(in: .milliseconds(wait)),
            clock: surroundings.clock,
            wake: surroundings.wake
        )
        if isInterrupted { throw SupervisorError(.interrupted, "stopped by a signal") }
    }
}
