// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

/// A verifier with the repository's own skills, over a market that a test gives.
struct VerifierBench {
    var market: any MarketAccess
    var window = 504
    var sectors: [String: String] = ["AAA": "technology", "BBB": "technology"]
    var fomc: [String] = []
    var earnings: [(String, String)] = []
    var state = StateFile()
    var second: (any SecondJudge)?

    init(_ series: [BarSeries]) {
        market = FixedMarket(past: series)
    }

    init(market: any MarketAccess) {
        self.market = market
    }

    var verifier: Verifier {
        get throws {
            Verifier(
                market: market,
                terms: .init(
                    window: window,
                    termDays: 365,
                    sealedYears: 2,
                    costs: Costs(feeRate: 0.0001, slippageRate: 0.0002),
                    capital: 1_000_000,
                    sectors: sectors,
                    fomc: EventCalendar(
                        try fomc.map { .init(date: try Sample.date($0), label: "meeting") }
                    ),
                    earnings: EventCalendar(
                        try earnings.map { .init(date: try Sample.date($0.1), label: $0.0) }
                    )
                ),
                second: second
            )
        }
    }

    /// One turn, whose memory is kept.
    mutating func turn(
        _ inbox: [Signal],
        at time: Instant,
        skills: [Skill]? = nil
    ) throws -> TurnOutput {
        let skills =
            try skills ?? [Sample.skill("agents/verifier"), Sample.skill("skills/trading-rules")]
        let hasTrials = inbox.contains { $0.topic == .trials }
        let input = try Sample.input(
            time,
            hasTrials ? inbox : [Self.trials(of: inbox)] + inbox,
            state: state,
            skill: skills.first,
            shared: Array(skills.dropFirst())
        )
        let output = try verifier.turn(input)
        try output.requireWellFormed()
        state = output.state
        return output
    }

    /// Remembers a strategy as approved, as a passed report would.
    mutating func approve(_ strategy: Strategy, until: String = "2025-01-01") throws {
        var memory = try VerifierMemory(state)
        let hash = try Self.typed(strategy).hash
        memory.approve(strategy, hash, until: try Sample.date(until))
        memory.write(to: &state)
    }

    /// A strategy as the supervisor delivers it.
    static func typed(_ strategy: Strategy) throws -> TypedStrategy {
        try TypedStrategy(
            strategy,
            family: strategy.family,
            symbols: Set(strategy.universe)
        )
    }

    static func report(_ strategy: Strategy, hash: String? = nil) throws -> Signal {
        let typed = try typed(strategy)
        return Signal(
            id: "report-7-1",
            topic: .report,
            body: [
                "strategy_hash": .string(hash ?? typed.hash.description),
                "strategy": typed.strategy.json,
            ]
        )
    }

    /// What the supervisor tells of the trials before a turn: the reports' own, and others.
    static func trials(
        of reports: [Signal],
        count: Int? = nil,
        families: Int = 1,
        looks: [(Strategy, String)] = []
    ) throws -> Signal {
        let told = Set(reports.compactMap { $0.topic == .report ? $0.body : nil })
        return Signal(
            id: "trials-7-0",
            topic: .trials,
            body: [
                "count": .int(Int64(count ?? told.count)), "families": .int(Int64(families)),
                "trials": .array(
                    told.filter { $0["strategy_hash"] != nil }.map {
                        [
                            "trial": $0["strategy_hash"] ?? .null, "family": "test",
                            "strategy": $0["strategy"] ?? .null,
                        ]
                    }
                ),
                "looks": .array(
                    try looks.map {
                        [
                            "trial": .string(try typed($0.0).hash.description),
                            "through": .string($0.1),
                        ]
                    }
                ),
            ]
        )
    }

    static func intent(
        _ strategy: Strategy,
        _ action: String = "enter",
        symbol: String = "AAA",
        id: String = "intent-000000000001"
    ) throws -> Signal {
        Signal(
            id: id,
            topic: .intent,
            body: [
                "strategy_hash": .string(try typed(strategy).hash.description),
                "symbol": .string(symbol),
                "action": .string(action),
            ]
        )
    }
}

extension TurnOutput {
    /// The sources of the rules that do not hold in the only verdict.
    func broken() throws -> [String] {
        let verdicts = bodies(.verdict)
        try #require(verdicts.count == 1)
        return (verdicts[0]["rules"]?.arrayValue ?? [])
            .filter { $0["holds"]?.boolValue == false }
            .compactMap { $0["predicate"]?.stringValue }
    }

    /// Whether each verdict passed, in order.
    var passes: [Bool?] { bodies(.verdict).map { $0["passed"]?.boolValue } }
}
