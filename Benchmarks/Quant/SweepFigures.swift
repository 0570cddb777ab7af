// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// A thousand combinations of two averages over 100,000 bars.
struct SweepFigures {
    static let grid = "fast=5:43:2,slow=50:295:5"
    static let count = 100_000

    static func measure(_ bench: Bench, _ bars: BarSeries) throws {
        let series = bars[0..<count]
        let grid = try Grid(parsing: grid)
        let strategy = try BacktestFigures.cross()
        let cores = Parallel.allCores.width
        for (name, parallel, target) in [
            ("one thread", Parallel.none, 1.2), ("\(cores) threads", .allCores, 0.7),
        ] {
            try bench.measure(
                "sweep of \(grid.count) over \(count) bars, \(name)",
                unit: "bar and one",
                count: count * grid.count,
                rounds: 7,
                target: target
            ) {
                var trades = 0
                var sum = 0.0
                // Checking and compiling the strategy is part of what is timed.
                let runner = try SweepRunner(
                    strategy,
                    history: [series],
                    grid: grid,
                    options: SweepOptions(costs: BacktestFigures.costs),
                    parallel: parallel
                )
                try runner.run { row in
                    trades += row.metrics.trading?.trades ?? 0
                    sum += row.finalEquity
                }
                return [("trades", Double(trades)), ("equity_sum", sum)]
            }
        }
    }
}
