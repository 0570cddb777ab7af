// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a simulation came to, from which a result is made.
struct Outcome {
    let equity: [Double]
    let sums: EquitySums
    let trades: [Trade]
    /// The value of all fills.
    let traded: Double
    /// The instants at which a position was open at some moment since the one before.
    let exposedPeriods: Int

    func result(
        times: [Instant],
        periodsPerYear: Double,
        riskFree: Double,
        includesNeweyWest: Bool
    ) -> BacktestResult {
        let years = Double(sums.count) / periodsPerYear
        let activity = TradingActivity(
            gains: trades.map(\.pnl),
            exposure: Double(exposedPeriods) / Double(times.count),
            turnover: traded / sums.mean / years
        )
        // Returns are only looked at one by one for what one pass cannot give.
        let moments = sums.moments ?? Moments(BacktestResult.returns(of: equity))
        let isWhole = sums.count == 0 || moments.mean != nil
        return BacktestResult(
            times: times,
            equity: equity,
            trades: trades,
            metrics: Performance(
                moments: moments,
                growth: isWhole ? sums.growth : nil,
                maxDrawdown: isWhole ? sums.maxDrawdown : nil,
                neweyWestT: includesNeweyWest
                    ? moments.spread.flatMap { NeweyWest.t(equity: equity, mean: $0.mean) } : nil,
                periodsPerYear: periodsPerYear,
                riskFree: riskFree,
                trading: activity
            )
        )
    }
}
