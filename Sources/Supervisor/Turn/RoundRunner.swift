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
    private let starter: TurnStarter
    private var wakeSet: WakeSet?

    init(
        desk: OpenDesk,
        gateway: GatewayProcess,
        surroundings: Surroundings,
        inspector: TurnInspector
    ) {
        self.desk = desk
        self.gateway = gateway
        self.surroundings = surroundings
        starter = TurnStarter(
            desk: desk,
            gateway: gateway,
            surroundings: surroundings,
            inspector: inspector
        )
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
        var attempts = [TurnAttempts](repeating: TurnAttempts(), count: plans.count)
        var open = Array(plans.indices)
        while !open.isEmpty {
            let generation = gateway.generation
            let results = try attempt(open.map { plans[$0] })
            let gatewayDied = gateway.generation != generation && generation > 0
            for (index, result) in zip(open, results) {
                switch result {
                case .success(let outcome):
                    outcomes[index] = outcome.adding(attempts[index].spending)
                    if let process = processes[plans[index].name] { starter.finish(process) }
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
        var exchange = RoundExchange(surroundings: surroundings, wakes: try wakes())
        for plan in plans {
            guard let process = processes[plan.name] else { continue }
            let deadline = starter.deadline(for: plan.agent)
            exchange.add(try starter.begin(plan, on: process, until: deadline))
        }
        return try exchange.finish()
    }

    /// What is listened to beside the agents: a person who asks to stop, and calls that have come
    /// to something.
    private func wakes() throws -> WakeSet? {
        guard let services = surroundings.services else { return nil }
        if let wakeSet { return wakeSet }
        let made = try WakeSet()
        try made.add(services.descriptor)
        if let wake = surroundings.wake { try made.add(wake) }
        wakeSet = made
        return made
    }

    private func note(
        _ failure: TurnFailure,
        _ isForeign: Bool,
        _ plan: TurnPlan,
        _ attempts: inout TurnAttempts
    ) {
        attempts.count(failure, isForeign: isForeign)
        surroundings.logger.warning(
            "turn failed",
            metadata: [
                "agent": "\(plan.name)", "turn": "\(plan.turn)", "reason": "\(failure.reason)",
                "attempt": "\(attempts.own)", "foreign": "\(attempts.foreign)",
                "kept": "\(failure.kept.map { "\($0)" } ?? "nothing")",
            ]
        )
    }

    /// Puts the worktree back, and parks the inbox when no attempt is left.
    private func settle(_ plan: TurnPlan, _ attempts: TurnAttempts) throws -> TurnOutcome? {
        if let process = processes[plan.name] {
            process.kill()
            starter.finish(process)
        }
        try WorktreeKeeper(desk: desk).putBack(plan.agent)
        surroundings.logger.note(starter.inspector.sweep(plan.agent), of: plan.name)
        let allowed = desk.configuration.supervision.attempts
        guard attempts.areUsedUp(of: allowed) else { return nil }
        surroundings.logger.error(
            "inbox parked as a dead letter",
            metadata: ["agent": "\(plan.name)", "turn": "\(plan.turn)"]
        )
        return .parked(reason: attempts.reason, attempts.tape, attempts.spending)
    }

    private func pause(after failures: Int) throws {
        let base = desk.configuration.supervision.backoff.milliseconds
        let wait = TurnAttempts.backoff(after: failures, base: base)
        let isInterrupted = try Pause.wait(
            until: surroundings.clock.deadline(in: .milliseconds(wait)),
            clock: surroundings.clock,
            wake: surroundings.wake
        )
        if isInterrupted { throw SupervisorError(.interrupted, "stopped by a signal") }
    }
}
