// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Sweeps")
struct SweepTests {
    private static let stops = """
        {"schema": 1, "name": "s", "family": "f", "universe": ["AAA"], "side": "long",
         "parameters": {"fast": 5, "slow": 20, "part": 0.5, "loss": 0.05, "bars": 9, "k": 1.5},
         "features": {"trend": "sma(close, fast) > sma(close, slow)", "width": "k * atr(3)"},
         "enter": "trend && ibs() < 0.8", "exit": "!trend", "invalidation": "close < lag(close, 9)",
         "size": "part", "stop": "loss", "target": "width * 4.0", "hold": "bars",
         "costs": {"fee": 0.001, "slippage": 0.0005}}
        """

    private static func strategy(_ universe: String = #"["AAA"]"#) throws -> Strategy {
        let text = stops.replacing(#"["AAA"]"#, with: universe)
        return try Strategy(try JSON(parsing: text))
    }

    private static func history(_ symbols: [String] = ["AAA"], sessions: Int = 900) throws
        -> [BarSeries]
    {
        SimulatedFeed(
            seed: 5,
            symbols: try symbols.map { try Samples.symbol($0) },
            from: try #require(CalendarDate("2015-01-01")),
            sessions: sessions
        ).series
    }

    private func rows(_ runner: SweepRunner, _ range: Range<Int>? = nil) throws -> [SweepRow] {
        var rows: [SweepRow] = []
        try runner.run(range) { rows.append($0) }
        return rows
    }

    @Test(
        "a row equals the backtest of the same parameters",
        arguments: [
            "fast=3:9:3,slow=10:40:10", "loss=0.01|0.05,bars=1:9:4,part=0.25|1",
            "k=0.5:2.5:0.5,fast=4", "bars=1|1000,loss=0.9",
        ]
    )
    func rowsAreBacktests(_ text: String) throws {
        let grid = try Grid(parsing: text)
        let history = try Self.history()
        let strategy = try Self.strategy()

        let rows = try rows(try SweepRunner(strategy, history: history, grid: grid))

        #expect(rows.map(\.index) == Array(0..<grid.count))
        for row in rows {
            let bound = try strategy.binding(grid.parameters(at: row.index))
            let result = try PreparedStrategy(bound, history: history).run(
                includesNeweyWest: false
            )
            #expect(row.values == grid.values(at: row.index))
            #expect(row.hash == bound.hash)
            #expect(row.metrics == result.metrics)
            #expect(row.finalEquity == result.equity.last)
        }
        #expect(rows.contains { ($0.metrics.trading?.trades ?? 0) > 5 })
    }

    @Test("rows do not depend on threads, on where a run begins, or on the memory for columns")
    func sameRows() throws {
        let grid = try Grid(parsing: "fast=2:20:1,slow=21:60:1")
        let (strategy, history) = (try Self.strategy(), try Self.history(sessions: 300))
        func runner(_ width: Int, _ limit: Int = 256 << 20) throws -> SweepRunner {
            try SweepRunner(
                strategy,
                history: history,
                grid: grid,
                options: SweepOptions(columnLimitBytes: limit),
                parallel: Parallel(width: width)
            )
        }

        let rows = try self.rows(try runner(1))

        #expect(rows.count == 760 && Set(rows.map(\.finalEquity)).count > 300)
        #expect(try self.rows(try runner(3)) == rows)
        #expect(try self.rows(try runner(2, 20_000)) == rows)
        #expect(try self.rows(try runner(2), 500..<700) == Array(rows[500..<700]))
    }

    @Test("a window, costs and other terms are those of the backtest")
    func terms() throws {
        let history = try Self.history()
        let (from, through) = (history[0].times[101], history[0].times[707])
        let strategy = try Self.strategy()
        let costs = Costs(feeRate: 0.002, slippageRate: 0, feePerUnit: 0.01)
        let options = SweepOptions(
            window: (from, through),
            costs: costs,
            capital: 5000,
            periodsPerYear: 365,
            riskFree: 0.03,
            dialect: .fmz
        )

        let rows = try rows(
            try SweepRunner(
                strategy,
                history: history,
                grid: try Grid(parsing: "fast=5"),
                options: options
            )
        )

        let result = try PreparedStrategy(strategy, history: history, dialect: .fmz).run(
            window: (from, through),
            costs: costs,
            capital: 5000,
            periodsPerYear: 365,
            riskFree: 0.03,
            includesNeweyWest: false
        )
        #expect(rows.map(\.metrics) == [result.metrics])
        #expect(rows.first?.finalEquity == result.equity.last)
    }

    @Test("several symbols are swept as portfolios")
    func portfolios() throws {
        let strategy = try Self.strategy(#"["AAA", "BBB"]"#)
        let history = try Self.history(["AAA", "BBB"], sessions: 300)
        let grid = try Grid(parsing: "fast=3|4,part=0.2|0.4")

        let rows = try rows(try SweepRunner(strategy, history: history, grid: grid))

        #expect(rows.count == 4)
        for row in rows {
            let bound = try strategy.binding(grid.parameters(at: row.index))
            let result = try PreparedStrategy(bound, history: history).run(
                includesNeweyWest: false
            )
            #expect(row.metrics == result.metrics && row.hash == bound.hash)
        }
    }

    @Test("a combination that cannot be run is named, after the rows before it")
    func badCombination() throws {
        let grid = try Grid(parsing: "fast=1|2|0|3,slow=20")
        var rows: [SweepRow] = []

        let error = #expect(throws: QuantError.self) {
            try SweepRunner(try Self.strategy(), history: try Self.history(), grid: grid)
                .run { rows.append($0) }
        }

        #expect(rows.map(\.index) == [0, 1])
        #expect(
            error?.description.hasPrefix(
                "cannot run sweep: combination 3 (fast=0, slow=20): strategy.features.trend: "
            ) == true,
            "\(error?.description ?? "")"
        )
    }

    @Test(
        "what cannot be swept is refused",
        arguments: [
            ("fsat=1", 1, "cannot read grid: the strategy has no parameter 'fsat'; it has bars"),
            ("part=2", 1, "combination 1 (part=2): strategy.size: expected above 0 and at most 1"),
            ("bars=0.5", 1, "combination 1 (bars=0.5): strategy.hold: expected at least 1 bar"),
            ("fast=1", 0, "cannot run sweep: the history has no bars"),
        ]
    )
    func refusals(_ text: String, _ bars: Int, _ mention: String) throws {
        let history = bars == 0 ? [try Samples.series([])] : try Self.history()

        let error = #expect(throws: QuantError.self) {
            try SweepRunner(
                try Self.strategy(),
                history: history,
                grid: try Grid(parsing: text)
            ).run { _ in }
        }

        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    @Test("a range outside the grid is refused, and one bar gives a row without figures")
    func edges() throws {
        let grid = try Grid(parsing: "fast=1:3:1")
        let one = [try Samples.series([(1, 1, 1, 1)])]
        let runner = try SweepRunner(try Self.strategy(), history: one, grid: grid)

        let rows = try rows(runner)

        #expect(rows.map(\.finalEquity) == [100_000, 100_000, 100_000])
        #expect(rows.allSatisfy { $0.metrics.sharpe == nil && $0.metrics.totalReturn == 0 })
        #expect(throws: QuantError.self) { try runner.run(0..<4) { _ in } }
    }
}
