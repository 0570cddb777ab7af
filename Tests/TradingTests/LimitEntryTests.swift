// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

/// Entries at a limit, each through a backtest and on the paper exchange.
@Suite("Entries that rest at a limit")
struct LimitEntryTests {
    /// A bar as open, high, low and close, with its volume.
    private typealias Row = (open: Double, high: Double, low: Double, close: Double, volume: Double)

    /// What one case comes to: each trade's entry price, exit price, bars and reason.
    private func trades(
        of rows: [Row],
        side: String = "long",
        limit: JSON = .double(0.02),
        more: [JSON.Member] = [],
        slippage: Double = 0,
        execution: Execution = .immediate,
        days: [Int: DayPrices] = [:]
    ) throws -> (trades: [String], events: [Event]) {
        let symbol = try #require(Symbol("ACME"))
        // The volume marks the bar that decides.
        let bars = rows.enumerated().map { place, row in
            Bar(
                symbol: symbol,
                time: Samples.day(place),
                open: row.open,
                high: row.high,
                low: row.low,
                close: row.close,
                volume: row.volume,
                day: days[place]
            )
        }
        let members: [JSON.Member] = [
            .init("schema", 1), .init("name", "rest"), .init("family", "test"),
            .init("universe", ["ACME"]), .init("side", .string(side)),
            .init("enter", "volume == 7.0"), .init("exit", "volume == 8.0"), .init("units", 10),
            .init("limit", limit),
        ]
        let strategy = try Strategy(.object(members + more))
        let history = [BarSeries(symbol: symbol, bars: bars)]
        let costs = Costs(feeRate: 0, slippageRate: slippage, execution: execution)
        let (backtest, runner) = try expectSameReplay(
            strategy,
            history,
            costs,
            100_000,
            0
        )
        try expectSameLive(strategy, history, costs, 100_000, 0)
        let told = backtest.trades.map {
            "\($0.quantity)@\($0.entryPrice)>\($0.exitPrice) \($0.bars) \($0.reason)"
        }
        return (told, runner.events)
    }

    private let first: Row = (100, 101, 99, 100, 7)

    @Test("it is filled at a better open, or at its limit within the bar, or not at all")
    func places() throws {
        let cases: [(Row, slippage: Double, expected: [String])] = [
            // At 98 or better: a better open, with slippage, but no worse than the limit.
            ((95, 99, 94, 97, 1), 0, ["10.0@95.0>97.0 1 windowEnd"]),
            ((95, 99, 94, 97, 1), 0.01, ["10.0@95.95>96.03 1 windowEnd"]),
            ((97.5, 100, 94, 100, 1), 0.01, ["10.0@98.0>99.0 1 windowEnd"]),
            // Within the bar, and a touch is enough; nothing slips there.
            ((99, 100, 98, 100, 1), 0.01, ["10.0@98.0>99.0 1 windowEnd"]),
            ((99, 100, 97, 100, 1), 0, ["10.0@98.0>100.0 1 windowEnd"]),
            // The bar after does not count any more.
            ((99, 100, 98.01, 100, 1), 0, []),
        ]
        for (row, slippage, expected) in cases {
            let found = try trades(of: [first, row], slippage: slippage).trades
            #expect(found == expected, "\(row)")
        }
        let late: [Row] = [first, (99, 99, 98.5, 99, 1), (97, 97, 97, 97, 1)]
        let (found, events) = try trades(of: late)
        #expect(found.isEmpty)
        #expect(events.map(\.kind).contains(.orderExpired(try OrderID("ACME-1"), .beyondLimit)))
    }

    @Test("a short one is the same in the mirror, and a distance is an expression")
    func mirrored() throws {
        let rows: [Row] = [first, (101, 103, 100, 101, 1)]
        #expect(try trades(of: rows, side: "short").trades == ["10.0@102.0>101.0 1 windowEnd"])
        #expect(
            try trades(of: rows, side: "short", limit: "high - low + 0.5").trades
                == ["10.0@102.5>101.0 1 windowEnd"]
        )
        #expect(try trades(of: rows, side: "short", limit: "low - low").trades.isEmpty)
        // Nothing is entered at no price.
        #expect(try trades(of: rows, limit: "close * 2.0").trades.isEmpty)
    }

    @Test("one entered within a bar may be stopped there, and reaches its target later")
    func exits() throws {
        let levels: [JSON.Member] = [.init("stop", .double(0.03)), .init("target", .double(0.01))]
        // At 98; the stop is 95.06, the target 98.98.
        let stopped: [Row] = [first, (99, 99, 95, 99, 1), (99, 99, 99, 99, 1)]
        let held: [Row] = [first, (99, 99.5, 97, 98, 1), (98, 99, 97, 98, 1)]
        let open: [Row] = [first, (97, 99, 96, 98, 1), (98, 98, 98, 98, 1)]

        #expect(try trades(of: stopped, more: levels).trades == ["10.0@98.0>95.06 1 stop"])
        #expect(try trades(of: held, more: levels).trades == ["10.0@98.0>98.98 2 target"])
        // One that the open fills has been there for the whole bar.
        #expect(try trades(of: open, more: levels).trades == ["10.0@97.0>97.97 1 target"])
    }

    @Test("what a thin or a locked market does not fill of it ends with the bar")
    func ends() throws {
        let thin = Execution(volumeShare: 0.5)
        let rows: [Row] = [first, (99, 99, 98, 99, 8), (97, 97, 97, 97, 50)]
        let (found, events) = try trades(of: rows, execution: thin)
        #expect(found.first?.hasPrefix("4.0@98.0>") == true && found.count == 1)
        let id = try OrderID("ACME-1")
        #expect(events.map(\.kind).contains(.restEnded(id, .thinMarket)))

        let locked = try trades(
            of: [first, (98, 98, 98, 98, 1), (97, 97, 97, 97, 1)],
            days: [1: DayPrices(limitUp: 98, limitDown: 90)]
        )
        #expect(locked.trades.isEmpty)
        #expect(locked.events.map(\.kind).contains(.orderExpired(id, .lockedAtLimit)))
    }

    @Test("one that takes longer to reach the market rests in the bar in which it is there")
    func late() throws {
        let rows: [Row] = [first, (97, 97, 97, 97, 1), (99, 99, 98, 99, 1), (97, 97, 97, 97, 1)]
        #expect(
            try trades(of: rows, execution: Execution(latency: 1)).trades
                == ["10.0@98.0>97.0 2 windowEnd"]
        )
    }

    @Test("a share that leaves no price, and a limit under another name, are refused")
    func refused() throws {
        for limit: JSON in [1, .double(0.991), 0, .double(-0.1), "nothing"] {
            #expect(throws: QuantError.self, "\(limit)") {
                try trades(of: [first, first], limit: limit)
            }
        }
    }

    @Test("the plan of an order holds at its limit and not at the open")
    func plans() throws {
        func settled(_ plan: ExitPlan, limit: String) throws -> [Event] {
            var exchange = PaperExchange(configuration: try Samples.configuration())
            let order = try Samples.entry("a", plan: plan, limit: limit)
            _ = exchange.submit(order, at: Samples.stamp(0))
            return try exchange.settle(
                at: Samples.day(1),
                prices: Samples.session("100", "101", "95", "97")
            )
        }
        let target = try Samples.plan(stop: "90", target: "99")
        // The open lies beyond the target, and the order is filled below it all the same.
        #expect(try settled(target, limit: "98").fills.map(\.price.description) == ["98"])
        #expect(try settled(target, limit: "100.5").refusals == ["a": .planBroken])
        let stop = try Samples.plan(stop: "97.5", target: "110")
        #expect(try settled(stop, limit: "97").refusals == ["a": .planBroken])
    }

    @Test("while an order that has no price would be on its way, another one is decided on")
    func unusable() throws {
        // Nothing at the first close, 98 at the second; the order rests two bars later.
        let rows: [Row] = [
            (100, 101, 99, 100, 7), (100, 101, 100, 100, 7), (99, 99, 99, 99, 1),
            (99, 99, 99, 99, 1), (99, 99, 98, 99, 1), (99, 99, 98, 99, 1),
        ]
        #expect(
            try trades(
                of: rows,
                limit: "100.0 * (101.0 - open) - 98.0 * (low - 99.0)",
                execution: Execution(latency: 2)
            ).trades == ["10.0@98.0>99.0 2 windowEnd"]
        )
    }

    @Test("a sweep over limits gives what each backtest gives")
    func sweep() throws {
        let market = try RandomMarket(seed: 5, days: 120)
        let strategy = try Strategy([
            "schema": 1, "name": "swept", "family": "test",
            "universe": [.string(market.history[0].symbol.description)], "side": "long",
            "parameters": ["k": .double(0.01)], "enter": "close < open", "exit": "close > open",
            "size": 1, "lot": .double(0.01), "limit": "k",
        ])
        let grid = try Grid(parsing: "k=0.0001|0.002|0.01")
        var swept: [Double] = []
        try SweepRunner(strategy, history: market.history, grid: grid).run {
            swept.append($0.finalEquity)
        }
        var single: [Double] = []
        for index in 0..<grid.count {
            let bound = try strategy.binding(grid.parameters(at: index))
            let result = try Backtest.run(strategy: bound, history: market.history)
            single.append(result.equity.last ?? 0)
        }
        #expect(swept == single)
        #expect(Set(swept).count == 3)
    }
}
