// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BacktestResult {
    /// A result from the equity and the trades of a run.
    ///
    /// `traded` is the value of all fills and `exposed` the number of bars with a position.
    static func assembled(
        times: [Instant],
        equity: [Double],
        trades: [Trade],
        traded: Double,
        exposed: Int,
        periodsPerYear: Double,
        riskFree: Double
    ) -> BacktestResult {
        let returns = Self.returns(of: equity)
        let mean = equity.reduce(0, +) / Double(equity.count)
        let years = Double(returns.count) / periodsPerYear
        let activity = TradingActivity(
            gains: trades.map(\.pnl),
            exposure: Double(exposed) / Double(times.count),
            turnover: traded / mean / years
        )
        return BacktestResult(
            times: times,
            equity: equity,
            trades: trades,
            metrics: Performance(
                returns: returns,
                equity: equity,
                periodsPerYear: periodsPerYear,
                riskFree: riskFree,
                trading: activity
            )
        )
    }
}
