// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

/// A researcher with one family on one symbol, taken from turn to turn.
struct ResearcherDriver {
    static let verdict = "verdict-00000000000a"

    /// The plainest strategy of the reversion family: in below a fifth of the range, out above.
    let strategy: Strategy
    let skill: Skill
    var state = StateFile()
    /// The next weekday that gets a bar.
    private(set) var date: CalendarDate
    private var closes = Sample.calm(80)

    init(skill: Skill? = nil) throws {
        strategy = try Sample.catalogued("reversion")
        self.skill = try skill ?? Sample.skill("agents/researcher")
        date = try Sample.date("2024-03-08")
    }

    var hash: String { strategy.hash.description }

    /// The position as the state has it.
    var holding: JSON? { state["holdings"]?.arrayValue?.first }
    var stage: String? { holding?["stage"]?.stringValue }

    /// One turn with a new bar whose close lies so far up its range.
    mutating func bar(
        position: Double,
        close: Double = 100,
        _ signals: [Signal] = []
    ) throws -> TurnOutput {
        closes.append(close)
        let series = try Sample.series(
            through: date.description,
            closes: closes,
            position: position
        )
        let bars = Signal(id: "bars-00000000000b", topic: .bars, body: [:])
        let output = try turn([bars] + signals, FixedMarket(last: [series]))
        date = date.nextWeekday
        return output
    }

    /// One turn without a bar.
    @discardableResult
    mutating func hear(_ signal: Signal) throws -> TurnOutput {
        try turn([signal], FixedMarket())
    }

    private mutating func turn(
        _ inbox: [Signal],
        _ market: FixedMarket
    ) throws -> TurnOutput {
        let researcher = try Researcher(
            market: market,
            families: ["reversion"],
            symbols: ["AAA"],
            cadence: 1000,
            budget: 1
        )
        let input = try Sample.input(
            Instant(date, secondOfDay: 75_600),
            inbox,
            state: state,
            skill: skill
        )
        let output = try researcher.turn(input)
        try output.requireWellFormed()
        state = output.state
        return output
    }

    /// Hears that the strategy passed.
    mutating func approve(until: String = "2025-03-08") throws {
        try hear(
            Signal(
                id: Self.verdict,
                topic: .verdict,
                body: [
                    "kind": "report", "subject": "report-0", "strategy_hash": .string(hash),
                    "passed": true, "approved_until": .string(until), "rules": [],
                ]
            )
        )
    }

    /// Hears the verdict on an intent.
    mutating func judge(_ action: String, passed: Bool, intent: String) throws {
        try hear(
            Signal(
                id: "verdict-00000000000c",
                topic: .verdict,
                body: [
                    "kind": "intent", "subject": .string(intent), "strategy_hash": .string(hash),
                    "symbol": "AAA", "action": .string(action), "passed": .bool(passed),
                ]
            )
        )
    }

    /// Hears how an order ended.
    mutating func fill(_ order: String, state: String) throws {
        try hear(
            Signal(
                id: "fill-00000000000d",
                topic: .fill,
                body: ["order": .string(order), "state": .string(state), "symbol": "AAA"]
            )
        )
    }

    /// Hears of a closed trade.
    mutating func close(profit: String) throws -> TurnOutput {
        try hear(
            Signal(
                id: "trade-00000000000e",
                topic: .trade,
                body: [
                    "entry": "o-1", "symbol": "AAA", "strategy_hash": .string(hash),
                    "pnl": .string(profit), "reason": "exit",
                ]
            )
        )
    }

    /// Goes on until an entry is held.
    mutating func enter() throws -> TurnOutput {
        try approve()
        let output = try bar(position: 0.1)
        try judge("enter", passed: true, intent: "intent-0000000000e1")
        return output
    }
}
