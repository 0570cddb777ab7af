// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("Backtester")
struct BacktesterTests {
    static let costs = Costs(feeRate: 0.0001, slippageRate: 0.0002)

    static func proposal(_ strategy: Strategy, id: String = "proposal-000000000001") -> Signal {
        Signal(
            id: id,
            topic: .proposal,
            body: [
                "family": .string(strategy.family),
                "strategy_hash": .string(strategy.hash.description), "strategy": strategy.json,
            ]
        )
    }

    static func turn(
        _ strategies: [Strategy],
        _ series: [BarSeries],
        state: StateFile = StateFile()
    ) throws -> TurnOutput {
        let backtester = Backtester(
            market: FixedMarket(past: series),
            costs: costs,
            capital: 100_000
        )
        let signals = strategies.enumerated().map {
            proposal($1, id: "proposal-00000000000\($0)")
        }
        return try backtester.turn(
            try Sample.input(try Sample.close("2024-03-08"), signals, state: state)
        )
    }

    @Test("a report says what the backtest did, field by field")
    func fields() throws {
        let strategy = try Sample.catalogued("reversion")
        let series = try Sample.simulated(sessions: 300).series

        let output = try Self.turn([strategy], series)

        let result = try Backtest.run(
            strategy: strategy,
            history: series,
            costs: Self.costs,
            capital: 100_000
        )
        let body = try #require(output.bodies(.report).first)
        try output.requireWellFormed()
        #expect(body["proposal"]?.stringValue == "proposal-000000000000")
        #expect(body["strategy_hash"]?.stringValue == strategy.hash.description)
        #expect(try Strategy(try #require(body["strategy"])) == strategy)
        #expect(body["metrics"]?["sharpe"]?.doubleValue == result.metrics.sharpe)
        #expect(body["sample"]?["from"]?.stringValue == "2000-01-03")
        #expect(
            body["sample"]?["through"]?.stringValue == result.times.last.map { "\($0.date)" }
        )
        #expect(body["sample"]?["sessions"]?.intValue == 300)
        #expect(body["equity"]?.arrayValue?.count == 15)
        #expect(body["equity"]?.arrayValue?.first == ["2000-01-03", .double(100_000)])
        #expect(body["trades"]?.arrayValue?.count == result.trades.count)
        #expect(body["trades_left_out"]?.intValue == 0)
        #expect(
            body["trades"]?.arrayValue?.last?["pnl"]?.doubleValue == result.trades.last?.pnl
        )
        #expect(output.state["reports"]?.intValue == 1)
    }

    @Test("a report lists the last hundred trades and counts the others")
    func limit() throws {
        let strategy = try Sample.strategy(enter: "close > 0.0", extra: [.init("hold", 1)])
        let series = try Sample.simulated(sessions: 400).series

        let body = try #require(try Self.turn([strategy], series).bodies(.report).first)

        let trades = try Backtest.run(strategy: strategy, history: series, costs: Self.costs)
            .trades
        let listed = try #require(body["trades"]?.arrayValue)
        #expect(trades.count > 100)
        #expect(listed.count == 100)
        #expect(body["trades_left_out"]?.intValue == trades.count - 100)
        #expect(
            listed.last?["exit"]?.stringValue == trades.last.map { "\($0.exitTime.date)" }
        )
    }

    @Test("a strategy that never trades has no sharpe, and the summary says so")
    func undefined() throws {
        let strategy = try Sample.strategy(enter: "close < 0.0")

        let output = try Self.turn([strategy], try Sample.simulated(sessions: 300).series)

        #expect(output.bodies(.report).first?["trades"] == [])
        #expect(output.summary == "in sample: sample: sharpe undefined, 0 trades")
    }

    @Test("a symbol without bars holds nothing up, unless it is the only one")
    func withoutBars() throws {
        let pair = try Sample.strategy(universe: ["AAA", "BBB"])
        let alone = try Sample.strategy(universe: ["BBB"])
        let series = try Sample.simulated(sessions: 300).series

        let output = try Self.turn([pair], series)

        #expect(output.bodies(.report).first?["sample"]?["sessions"]?.intValue == 300)
        #expect(throws: QuantError.self) { try Self.turn([alone], series) }
    }

    @Test("reports are counted from turn to turn, and none is no report")
    func counts() throws {
        let strategy = try Sample.catalogued("trend")
        let series = try Sample.simulated(sessions: 300).series

        let two = try Self.turn([strategy, strategy], series)
        let none = try Self.turn([], series, state: two.state)

        #expect(two.state["reports"]?.intValue == 2)
        #expect(none.state["reports"]?.intValue == 2)
        #expect(none.signals.isEmpty)
        #expect(none.summary == "nothing to test")
    }

    @Test("a proposal that is no strategy is an error")
    func malformed() throws {
        let backtester = Backtester(market: FixedMarket(), costs: .none, capital: 1)
        let signal = Signal(id: "proposal-1", topic: .proposal, body: ["strategy": ["schema": 2]])

        #expect(throws: QuantError.self) {
            try backtester.turn(try Sample.input(try Sample.close("2024-03-08"), [signal]))
        }
    }

    @Test("the same proposal gives the same report, to the byte")
    func deterministic() throws {
        let strategies = try RoleSettings.families.map { try Sample.catalogued($0) }
        let series = try Sample.simulated(sessions: 600).series

        let first = try Self.turn(strategies, series)
        let second = try Self.turn(strategies, series)

        #expect(first.bodies(.report).count == strategies.count)
        #expect(first.bytes == second.bytes)
    }
}
