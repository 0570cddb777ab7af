// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant
import Testing
import Trading

/// Compares two runs to the last digit, and names the first trade and the first equity that differ.
func expectSame(_ left: BacktestResult, _ right: BacktestResult, _ seed: UInt64) {
    let trade = zip(left.trades, right.trades).first { $0 != $1 }
    let equity = zip(left.equity, right.equity).enumerated().first { $1.0 != $1.1 }
    #expect("\(trade.map { "\($0)" } ?? "-")" == "-", "seed \(seed)")
    #expect("\(equity.map { "\($0)" } ?? "-")" == "-", "seed \(seed)")
    #expect(left.trades.count == right.trades.count, "seed \(seed)")
    #expect(left.equity.count == right.equity.count, "seed \(seed)")
    #expect(left.tradesCSV == right.tradesCSV && left.times == right.times, "seed \(seed)")
    #expect(left.metrics.trading?.turnover == right.metrics.trading?.turnover, "seed \(seed)")
    #expect(left.metrics.trading?.exposure == right.metrics.trading?.exposure, "seed \(seed)")
}

/// Compares a backtest with a replay on the paper exchange, and returns both.
@discardableResult
func expectSameReplay(
    _ strategy: Strategy,
    _ history: [BarSeries],
    _ costs: Costs,
    _ capital: Double,
    _ seed: UInt64
) throws -> (BacktestResult, StrategyRunner) {
    let prepared = try PreparedStrategy(strategy, history: history)
    let backtest = try prepared.run(costs: costs, capital: capital)
    let runner = try StrategyRunner.replay(prepared, costs: costs, capital: capital)
    expectSame(backtest, runner.result(periodsPerYear: 252, riskFree: 0), seed)
    return (backtest, runner)
}

/// Compares a backtest with a run that is handed one bar after another.
func expectSameLive(
    _ strategy: Strategy,
    _ history: [BarSeries],
    _ costs: Costs,
    _ capital: Double,
    _ seed: UInt64
) throws {
    let backtest = try Backtest.run(
        strategy: strategy,
        history: history,
        costs: costs,
        capital: capital
    )
    let runner = try StrategyRunner.live(
        strategy,
        history: history,
        costs: costs,
        capital: capital
    )
    expectSame(backtest, runner.result(periodsPerYear: 252, riskFree: 0), seed)
}
