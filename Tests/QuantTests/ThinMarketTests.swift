// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Backtests in parts, later and at an impact")
struct ThinMarketTests {
    private static let prices = [100.0, 100, 104, 106, 110, 111, 112, 113]

    /// Bars at one price each, and so many units traded in each.
    private func series(_ volumes: [Double]) throws -> BarSeries {
        let symbol = try #require(Symbol("AAA"))
        let bars = zip(Self.prices, volumes).enumerated().map { day, bar in
            Bar(
                symbol: symbol,
                time: Instant(CalendarDate(daysSinceEpoch: 10_000 + day)),
                open: bar.0,
                high: bar.0,
                low: bar.0,
                close: bar.0,
                volume: bar.1
            )
        }
        return BarSeries(symbol: symbol, bars: bars)
    }

    /// Buys ten at a close of 100 and leaves from 110 on.
    private func run(_ costs: JSON, _ volumes: [Double]) throws -> BacktestResult {
        let strategy = try Strategy([
            "schema": 1, "name": "sample", "family": "test", "universe": ["AAA"], "side": "long",
            "enter": "close == 100.0", "exit": "close >= 110.0", "units": 10, "costs": costs,
        ])
        return try Backtest.run(
            strategy: strategy,
            history: [series(volumes)],
            capital: 10_000
        )
    }

    @Test("parts are one trade at the average prices")
    func parts() throws {
        let result = try run(
            ["volume_share": .double(0.1)],
            [0, 40, 60, 1000, 1000, 70, 1000, 1000]
        )

        let trade = try #require(result.trades.first)
        // 4 at 100 and 6 at 104; 7 at 111 and 3 at 112.
        #expect(result.trades.count == 1 && trade.quantity == 10)
        #expect(trade.entryPrice == 102.4 && trade.exitPrice == 111.3)
        #expect(trade.pnl == 89 && trade.bars == 6)
        #expect(result.equity == [10_000, 10_000, 10_016, 10_036, 10_076, 10_086, 10_089, 10_089])
    }

    @Test("an order on its way is filled later, and what it moves the market by is paid")
    func later() throws {
        let result = try run(
            ["latency": 2, "impact": .double(0.1)],
            [0, 0, 0, 100, 0, 0, 50, 1000]
        )

        let trade = try #require(result.trades.first)
        // 106 and a hundredth of it; decided at 110, and sold two bars behind the next one.
        #expect(trade.entryPrice == 107.06 && trade.exitPrice == 113 * 0.999)
    }

    @Test("a sweep fills in parts as well")
    func sweep() throws {
        let strategy = try Strategy([
            "schema": 1, "name": "sample", "family": "test", "universe": ["AAA"], "side": "long",
            "enter": "close == 100.0", "exit": "close >= level", "units": 10,
            "parameters": ["level": 110], "costs": ["volume_share": .double(0.1)],
        ])
        let history = [try series([0, 40, 60, 1000, 1000, 70, 1000, 1000])]
        var equity: [Double?] = []

        try SweepRunner(strategy, history: history, grid: Grid(parsing: "level=110|111"))
            .run { equity.append($0.finalEquity) }

        // Seven at 111 and three at 112, or all ten at 112.
        #expect(equity == [100_089, 100_096])
    }

    @Test("bars without any volume are refused where fills need it")
    func noVolume() throws {
        for costs in [["volume_share": .double(0.1)], ["impact": .double(0.1)]] as [JSON] {
            let error = #expect(throws: QuantError.self) {
                try run(costs, [Double](repeating: 0, count: 8))
            }
            #expect(error?.code == .noData)
            #expect(error?.description.contains("the bars of AAA have no volume") == true)
        }
        let unlisted = try #require(Symbol("BBB"))
        let strategy = try Strategy([
            "schema": 1, "name": "sample", "family": "test", "universe": ["AAA", "BBB"],
            "side": "long", "enter": "true", "exit": "false", "size": 1,
            "costs": ["volume_share": 1],
        ])
        let history = [try series([Double](repeating: 9, count: 8)), BarSeries(symbol: unlisted)]
        #expect(try Backtest.run(strategy: strategy, history: history).trades.count == 1)
        let late = try run(["latency": 1], [Double](repeating: 0, count: 8))
        #expect(late.trades.map(\.entryPrice) == [104])
    }

    @Test("a program's positions are refused with any of it")
    func program() throws {
        let strategy = try PositionStrategyTests.strategy(#", "costs": {"latency": 1}"#)

        let error = #expect(throws: QuantError.self) {
            try strategy.run(
                history: [try Samples.series(PositionStrategyTests.rows)],
                program: PositionStrategyTests.wanting([(1, 10)])
            )
        }

        #expect(error?.description.contains("take out latency") == true)
    }
}
