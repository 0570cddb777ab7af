// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Backtests")
struct BacktestTests {
    /// Enters once, at the close of the first bar, whose open is 1.
    private static let once = "open == 1.0"

    private func run(
        _ rows: [(Double, Double, Double, Double)],
        side: String = "long",
        exit: String = "false",
        extra: [JSON.Member] = [],
        costs: Costs = .none
    ) throws -> BacktestResult {
        let strategy = try Samples.strategy(
            enter: Self.once,
            exit: exit,
            side: side,
            size: 0.5,
            extra: extra
        )
        let first = (1.0, 100.0, 1.0, 100.0)
        return try Backtest.run(
            strategy: strategy,
            history: [try Samples.series([first] + rows)],
            costs: costs,
            capital: 1000
        )
    }

    @Test("a decision is filled at the next open and a held position is marked at closes")
    func fill() throws {
        let result = try run([(90, 110, 80, 100), (100, 120, 95, 120)])

        // 0.5 · 1000 / 100 = 5 units, bought at 90.
        #expect(result.equity == [1000, 1050, 1150])
        let returns: [Double] = [1050.0 / 1000 - 1, 1150.0 / 1050 - 1]
        #expect(result.returns == returns)
        let trade = try #require(result.trades.first)
        #expect(trade.quantity == 5 && trade.entryPrice == 90 && trade.exitPrice == 120)
        #expect(trade.pnl == 150 && trade.reason == .windowEnd && trade.bars == 2)
        #expect(result.metrics.trading?.exposure == 2.0 / 3)
    }

    @Test("slippage worsens both fills and the fee is on the value")
    func costs() throws {
        let result = try run(
            [(90, 110, 80, 100), (110, 120, 95, 120)],
            exit: "open == 90.0",
            costs: Costs(feeRate: 0.01, slippageRate: 0.1)
        )

        let trade = try #require(result.trades.first)
        #expect(Samples.near(trade.entryPrice, 99) && Samples.near(trade.exitPrice, 99))
        #expect(Samples.near(trade.fees, 9.9) && Samples.near(trade.pnl, -9.9))
        #expect(trade.reason == .exit)
        #expect(Samples.near(result.equity.last, 990.1))
    }

    @Test("a short position gains from a fall and pays slippage the other way")
    func short() throws {
        let result = try run(
            [(100, 110, 80, 90), (80, 90, 70, 70)],
            side: "short",
            exit: "open == 100.0",
            costs: Costs(feeRate: 0, slippageRate: 0.1)
        )

        let trade = try #require(result.trades.first)
        #expect(Samples.near(trade.entryPrice, 90) && Samples.near(trade.exitPrice, 88))
        #expect(Samples.near(trade.pnl, 10))
        #expect(Samples.near(result.equity[1], 1000))
    }

    struct Exit: Sendable {
        let side: String
        let bar: (Double, Double, Double, Double)
        let price: Double
        let reason: Trade.Reason
    }

    @Test(
        "stop and target fill at their price, or at an open beyond them",
        arguments: [
            Exit(side: "long", bar: (100, 105, 85, 95), price: 90, reason: .stop),
            Exit(side: "long", bar: (85, 130, 80, 95), price: 85, reason: .stop),
            Exit(side: "long", bar: (100, 125, 95, 95), price: 120, reason: .target),
            Exit(side: "long", bar: (130, 135, 85, 95), price: 130, reason: .target),
            Exit(side: "long", bar: (100, 125, 85, 95), price: 90, reason: .stop),
            Exit(side: "short", bar: (100, 115, 95, 95), price: 110, reason: .stop),
            Exit(side: "short", bar: (115, 120, 70, 95), price: 115, reason: .stop),
            Exit(side: "short", bar: (100, 105, 75, 95), price: 80, reason: .target),
            Exit(side: "short", bar: (100, 115, 75, 95), price: 110, reason: .stop),
        ]
    )
    func stopAndTarget(_ exit: Exit) throws {
        let levels = [JSON.Member("stop", 0.1.json), JSON.Member("target", 0.2.json)]

        let result = try run(
            [(100, 101, 99, 100), exit.bar, (95, 95, 95, 95)],
            side: exit.side,
            extra: levels
        )

        let trade = try #require(result.trades.first)
        #expect(Samples.near(trade.exitPrice, exit.price) && trade.reason == exit.reason)
        #expect(trade.bars == 2)
    }

    @Test("a stop is watched on the bar of the entry")
    func stopOnEntryBar() throws {
        let result = try run(
            [(100, 101, 80, 100), (1, 1, 1, 1)],
            extra: [JSON.Member("stop", 0.1.json)]
        )

        #expect(result.trades.first?.exitPrice == 90)
        #expect(result.trades.first?.bars == 1)
    }

    @Test("a holding limit closes at the open after so many bars")
    func hold() throws {
        let flat = (100.0, 100.0, 100.0, 100.0)

        let result = try run(
            [flat, flat, (110, 110, 110, 110), flat],
            extra: [JSON.Member("hold", 2)]
        )

        let trade = try #require(result.trades.first)
        #expect(trade.exitPrice == 110 && trade.reason == .hold && trade.bars == 3)
    }

    @Test("no whole unit means no trade")
    func tooSmall() throws {
        let strategy = try Samples.strategy(enter: "true")
        let series = try Samples.series([(100, 100, 100, 100), (100, 100, 100, 100)])

        let result = try Backtest.run(strategy: strategy, history: [series], capital: 199)

        #expect(result.trades.isEmpty && result.equity == [199, 199])
        #expect(result.metrics.sharpe == nil)
    }

    @Test("indicators warm up before a window and trades stay inside it")
    func window() throws {
        let rows = (1...20).map { day in
            let price = Double(100 + day)
            return (price, price, price, price)
        }
        let series = try Samples.series(rows)
        let strategy = try Samples.strategy(enter: "close > sma(close, 10)")
        let window = (from: series.times[10], through: series.times[14])

        let result = try Backtest.run(strategy: strategy, history: [series], window: window)

        let trade = try #require(result.trades.first)
        #expect(result.times == Array(series.times[10...14]))
        #expect(result.equity.count == 5 && result.returns.count == 4)
        #expect(result.equity[0] == 100_000)
        #expect(trade.entryTime == series.times[11] && trade.exitTime == series.times[14])
        #expect(trade.exitPrice == series.close[14] && trade.reason == .windowEnd)
    }

    @Test("several symbols share one equity and keep their last mark between bars")
    func universe() throws {
        let first = try Samples.series(
            [(1, 100, 1, 100), (100, 100, 100, 100), (120, 120, 120, 120)]
        )
        let second = try Samples.series(
            [(1, 50, 1, 50), (50, 60, 50, 60)],
            symbol: "BBB"
        )
        let strategy = try Samples.strategy(
            enter: Self.once,
            universe: ["BBB", "AAA"],
            size: 0.25
        )

        let result = try Backtest.run(strategy: strategy, history: [second, first], capital: 1000)

        // 2 of AAA bought at 100, 5 of BBB bought at 50; BBB has no third bar.
        #expect(result.equity == [1000, 1050, 1090])
        #expect(result.trades.map(\.symbol.description) == ["AAA", "BBB"])
        #expect(result.trades.map(\.exitPrice) == [120, 60])
    }

    @Test("a lost account stops trading and its returns stay finite")
    func ruin() throws {
        let result = try run(
            [(100, 100, 100, 100), (500, 500, 500, 500), (100, 100, 100, 100)],
            side: "short"
        )

        #expect(result.trades.map(\.reason) == [.ruin])
        #expect(result.equity == [1000, 1000, -1000, -1000])
        #expect(result.returns == [0, -2, 0])
    }

    @Test(
        "what cannot be run is refused",
        arguments: ["none", "twice", "window", "capital", "fee", "slippage"]
    )
    func refusals(_ kind: String) throws {
        let series = try Samples.series([(1, 1, 1, 1)])
        let strategy = try Samples.strategy(enter: "true")
        let later = try Samples.instant("2030-01-01")
        let history = ["none": [], "twice": [series, series]][kind] ?? [series]

        let error = #expect(throws: QuantError.self) {
            try Backtest.run(
                strategy: strategy,
                history: history,
                window: kind == "window" ? (from: later, through: later) : nil,
                costs: Costs(
                    feeRate: kind == "fee" ? -0.1 : 0,
                    slippageRate: kind == "slippage" ? 1 : 0
                ),
                capital: kind == "capital" ? 0 : 1
            )
        }

        let expected: QuantError.Code = ["none", "window"].contains(kind) ? .noData : .badParameter
        #expect(error?.code == expected)
    }

    @Test("a prepared strategy gives each window what a fresh run gives")
    func prepared() throws {
        let feed = SimulatedFeed(
            seed: 3,
            symbols: [try Samples.symbol("AAA"), try Samples.symbol("BBB")],
            from: try #require(CalendarDate("2020-01-01")),
            sessions: 400
        )
        let strategy = try Samples.strategy(
            enter: "ibs() < 0.3",
            exit: "ibs() > 0.7",
            universe: ["AAA", "BBB"]
        )
        let prepared = try PreparedStrategy(strategy, history: feed.series)

        for start in stride(from: 0, to: 300, by: 100) {
            let window = (from: prepared.times[start], through: prepared.times[start + 99])
            let fresh = try Backtest.run(strategy: strategy, history: feed.series, window: window)

            #expect(try prepared.run(window: window) == fresh)
            #expect(!fresh.trades.isEmpty)
        }
    }
}

extension Double {
    fileprivate var json: JSON { .double(self) }
}
