// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// One backtest, from prices to the result: averages, decisions, fills, equity and figures.
struct BacktestFigures {
    /// Long with one unit while the average over 20 closes is above that over 50.
    static func cross() throws -> Strategy {
        try Strategy([
            "schema": 1, "name": "sma-cross", "family": "bench", "universe": ["BENCH"],
            "side": "long", "parameters": ["fast": 20, "slow": 50],
            "enter": "sma(close, fast) > sma(close, slow)",
            "exit": "sma(close, fast) < sma(close, slow)", "units": 1,
        ])
    }

    static let costs = Costs(feeRate: 0.0005, slippageRate: 0)

    /// Measures several lengths, shortest first, so that the peak of memory is that of each.
    static func measure(_ bench: Bench, _ bars: BarSeries, counts: [Int]) throws {
        let strategy = try cross()
        for count in counts {
            let series = bars[0..<count]
            let rounds = count > 1_000_000 ? 7 : 15
            for (name, includesNeweyWest) in [("", false), (", with Newey-West", true)] {
                try bench.measure(
                    "backtest of \(count) bars\(name)",
                    unit: "bar",
                    count: count,
                    rounds: rounds,
                    target: count == 1_000_000 && !includesNeweyWest ? 6 : nil
                ) {
                    let prepared = try PreparedStrategy(strategy, history: [series])
                    let result = try prepared.run(
                        costs: costs,
                        includesNeweyWest: includesNeweyWest
                    )
                    return [
                        ("trades", Double(result.trades.count)),
                        ("final_equity", result.equity.last ?? 0),
                    ]
                }
            }
        }
    }
}
