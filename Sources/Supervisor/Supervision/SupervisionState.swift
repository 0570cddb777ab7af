// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// Decides what happens to agents that fail; no clock, no disk.
///
/// Restarts are counted for each agent, and for a group whose members fall together for the
/// group. They age by the steady clock, so that setting the clock on the wall changes nothing.
struct SupervisionState: Sendable {
    /// The limits.
    let rules: SupervisionRules
    private let guardsMoney: [AgentName: Bool]
    private var tallies: [RestartScope: RestartTally] = [:]
    private var outOfService: [AgentName: Quarantine] = [:]

    init(agents: [SupervisedAgent], rules: SupervisionRules) {
        self.rules = rules
        guardsMoney = Dictionary(agents.map { ($0.name, $0.guardsMoney) }) { first, _ in first }
    }

    /// Takes note of a failure and decides.
    mutating func failed(
        _ agent: AgentName,
        reason: String,
        at now: Moment,
        random: inout SeededRandom
    ) -> SupervisionDecision {
        guard outOfService[agent] == nil else { return .leave }
        let scope = scope(of: agent)
        var tally = settledTally(scope, at: now.steady)
        guard tally.restarts.count < rules.restarts else {
            tallies[scope] = nil
            return quarantine(agent, reason: reason, since: now.wall)
        }
        tally.restarts.append(now.steady)
        tally.failures += 1
        tally.upSince = nil
        tallies[scope] = tally
        let delay = rules.policy.delay(afterFailures: tally.failures, random: &random)
        return .restart(members(hitBy: agent), after: delay)
    }

    /// Takes note of a start that the machine refused for want of processes or memory.
    ///
    /// It makes the waits longer and is not counted as a restart, since the agent is not to blame.
    mutating func startRefused(
        _ agent: AgentName,
        at now: Moment,
        random: inout SeededRandom
    ) -> SupervisionDecision {
        guard outOfService[agent] == nil else { return .leave }
        let scope = scope(of: agent)
        var tally = settledTally(scope, at: now.steady)
        tally.failures += 1
        tally.upSince = nil
        tallies[scope] = tally
        let delay = rules.policy.delay(afterFailures: tally.failures, random: &random)
        return .restart([agent], after: delay)
    }

    /// Takes an agent out of service because there is no sandbox that it may run in.
    mutating func refused(
        _ agent: AgentName,
        reason: String,
        at now: Moment
    ) -> SupervisionDecision {
        guard outOfService[agent] == nil else { return .leave }
        tallies[scope(of: agent)] = nil
        let hit = takeOut(agent, reason: reason, since: now.wall, isRefusal: true)
        return .quarantine(
            hit,
            haltTrading: hit.contains { guardsMoney[$0] ?? false },
            reason: TurnContract.sanitised(summary: reason)
        )
    }

    /// Puts back into service whoever was refused a sandbox, apart from some.
    /// - Returns: The agents to start, in starting order.
    mutating func readmit(except refused: Set<AgentName>) -> [AgentName] {
        let causes = Set(outOfService.values.filter(\.isRefusal).map(\.cause))
        return causes.subtracting(refused).sorted().flatMap { release($0) }
    }

    /// Takes note that an agent is up.
    mutating func started(_ agent: AgentName, at now: MonotonicInstant) {
        tallies[scope(of: agent)]?.upSince = now
    }

    /// Takes note that an agent still runs, and says whether its failures are forgotten by that.
    mutating func ran(_ agent: AgentName, at now: MonotonicInstant) -> Bool {
        let scope = scope(of: agent)
        guard let tally = tallies[scope], tally.isStable(at: now, after: rules.stableAfter) else {
            return false
        }
        tallies[scope] = nil
        return true
    }

    /// Puts an agent back into service, and those that went out with it.
    /// - Returns: The agents to start, in starting order; none when it was not out of service.
    mutating func release(_ agent: AgentName) -> [AgentName] {
        guard let cause = outOfService[agent]?.cause else { return [] }
        let released = members(hitBy: cause).filter { outOfService[$0]?.cause == cause }
        // The groups may have changed since then; the one that was named is released in any case.
        let all = released.contains(agent) ? released : released + [agent]
        for name in all {
            outOfService[name] = nil
            tallies[scope(of: name)] = nil
        }
        return all
    }

    /// How an agent stands.
    func condition(of agent: AgentName, at now: MonotonicInstant) -> AgentCondition {
        if let quarantine = outOfService[agent] { return .quarantined(quarantine) }
        let used = settledTally(scope(of: agent), at: now).restarts.count
        return used == 0 ? .sound : .restarted(used: used, of: rules.restarts)
    }

    /// Who is out of service, by name; the desk is degraded while anybody is.
    var quarantines: [Quarantine] {
        outOfService.values.sorted { $0.agent < $1.agent }
    }

    /// Whether trading must stay halted, because an agent that guards money is out of service.
    var haltsTrading: Bool {
        outOfService.keys.contains { guardsMoney[$0] ?? false }
    }

    private mutating func quarantine(
        _ agent: AgentName,
        reason: String,
        since: Instant
    ) -> SupervisionDecision {
        let hit = takeOut(agent, reason: reason, since: since, isRefusal: false)
        let limit = "more than \(rules.restarts) restarts within \(rules.window)"
        return .quarantine(
            hit,
            haltTrading: hit.contains { guardsMoney[$0] ?? false },
            reason: "\(limit); the last failure: \(TurnContract.sanitised(summary: reason))"
        )
    }

    /// Takes out of service who falls with an agent, and gives their names in starting order.
    private mutating func takeOut(
        _ agent: AgentName,
        reason: String,
        since: Instant,
        isRefusal: Bool
    ) -> [AgentName] {
        let hit = members(hitBy: agent)
        for name in hit {
            outOfService[name] = Quarantine(
                agent: name,
                cause: agent,
                reason: reason,
                since: since,
                isRefusal: isRefusal
            )
        }
        return hit
    }

    private func group(of agent: AgentName) -> SupervisionGroup? {
        rules.groups.first { $0.agents.contains(agent) }
    }

    /// The agents in service that fall with one of them, in starting order.
    private func members(hitBy agent: AgentName) -> [AgentName] {
        group(of: agent)?.members(hitBy: agent) ?? [agent]
    }

    private func scope(of agent: AgentName) -> RestartScope {
        guard let group = group(of: agent), group.strategy != .oneForOne else {
            return .agent(agent)
        }
        return .group(group.name)
    }

    private func settledTally(_ scope: RestartScope, at now: MonotonicInstant) -> RestartTally {
        guard var tally = tallies[scope], !tally.isStable(at: now, after: rules.stableAfter) else {
            return RestartTally()
        }
        tally.forget(at: now, window: rules.window)
        return tally
    }
}

extension SupervisionState {
    /// What has to be kept across a restart of the supervisor.
    func record(at now: Moment) -> SupervisionRecord {
        let kept = tallies.keys.sorted().map { scope in
            let tally = settledTally(scope, at: now.steady)
            return SupervisionRecord.Tally(
                scope: scope,
                failures: tally.failures,
                restarts: tally.restarts.map { now.wall(of: $0) }
            )
        }
        return SupervisionRecord(
            tallies: kept.filter { $0.failures > 0 },
            quarantines: quarantines
        )
    }

    /// Takes up what an earlier supervisor left; what lies outside the window is forgotten.
    ///
    /// A quarantine of an agent that is not configured any more is kept, in case it comes back.
    mutating func resume(_ record: SupervisionRecord, at now: Moment) {
        let scopes = Set(guardsMoney.keys.map { scope(of: $0) })
        for tally in record.tallies where scopes.contains(tally.scope) {
            let restarts = tally.restarts
                .compactMap { now.steady(of: $0, within: rules.window) }
                .sorted()
                .suffix(max(0, rules.restarts))
            tallies[tally.scope] = RestartTally(
                restarts: Array(restarts),
                failures: max(tally.failures, restarts.count)
            )
        }
        for quarantine in record.quarantines { outOfService[quarantine.agent] = quarantine }
    }
}
