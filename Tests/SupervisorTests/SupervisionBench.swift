// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

@testable import Supervisor

/// Agents under supervision with clocks and chance in the test's hand.
struct SupervisionBench {
    var state: SupervisionState
    var random = SeededRandom(seed: 7)
    private var seconds = 0.0
    /// How far the clock on the wall has been set away from the steady one, in seconds.
    var wallOffset = 0.0

    static let start = Instant("2026-11-20T10:00:00Z") ?? Instant(nanosecondsSinceEpoch: 0)

    /// Five agents; executor and risk guard money.
    static let agents = ["ingestor", "researcher", "verifier", "executor", "risk"].map {
        SupervisedAgent(name($0), guardsMoney: $0 == "executor" || $0 == "risk")
    }

    static func name(_ text: String) -> AgentName {
        guard let name = AgentName(text) else { preconditionFailure("no name: \(text)") }
        return name
    }

    static func names(_ texts: String...) -> [AgentName] { texts.map { name($0) } }

    static func rules(
        restarts: Int = 3,
        groups: [SupervisionGroup] = []
    ) -> SupervisionRules {
        var rules = SupervisionRules()
        rules.restarts = restarts
        rules.groups = groups
        return rules
    }

    static func money(_ strategy: SupervisionConfiguration.Strategy) -> SupervisionGroup {
        SupervisionGroup(
            name: "money",
            agents: names("verifier", "executor", "risk"),
            strategy: strategy
        )
    }

    init(_ rules: SupervisionRules = Self.rules()) {
        state = SupervisionState(agents: Self.agents, rules: rules)
    }

    var now: Moment {
        Moment(
            wall: Self.start.adding(seconds: Int64(seconds + wallOffset)),
            steady: MonotonicInstant(nanoseconds: Int64(seconds * 1e9))
        )
    }

    mutating func advance(_ seconds: Double) { self.seconds += seconds }

    @discardableResult
    mutating func fail(_ agent: String, _ reason: String = "it crashed") -> SupervisionDecision {
        state.failed(Self.name(agent), reason: reason, at: now, random: &random)
    }

    /// Lets an agent fail until it is not started again, and gives the number of restarts.
    @discardableResult
    mutating func failUntilQuarantine(_ agent: String, every pause: Double = 1) -> Int {
        for restarts in 0..<1000 {
            guard case .restart = fail(agent) else { return restarts }
            advance(pause)
        }
        return 1000
    }

    mutating func run(_ agent: String, for seconds: Double) {
        state.started(Self.name(agent), at: now.steady)
        advance(seconds)
        _ = state.ran(Self.name(agent), at: now.steady)
    }

    func condition(_ agent: String) -> AgentCondition {
        state.condition(of: Self.name(agent), at: now.steady)
    }

    /// A supervisor that is started now and finds what this one would have kept.
    func restarted(_ rules: SupervisionRules = Self.rules()) -> SupervisionBench {
        var other = self
        other.state = SupervisionState(agents: Self.agents, rules: rules)
        other.state.resume(state.record(at: now), at: now)
        return other
    }
}
