// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension BacktestResult {
    /// Puts together what another engine did, with the figures that a backtest would have.
    ///
    /// `traded` is the value of all fills and `exposed` the number of instants at which a position
    /// was open at some moment since the one before. There is an equity for every instant, and one
    /// instant at least.
    public init(
        times: [Instant],
        equity: [Double],
        trades: [Trade],
        traded: Double,
        exposed: Int,
        periodsPerYear: Double,
        riskFree: Double
    ) {
        precondition(
            !times.isEmpty && times.count == equity.count,
            "there is an equity for every instant"
        )
        let outcome = Outcome(
            equity: equity,
            sums: EquitySums(equity),
            trades: trades,
            traded: traded,
            exposedPeriods: exposed
        )
        self = outcome.result(
            times: times,
            periodsPerYear: periodsPerYear,
            riskFree: riskFree,
            includesNeweyWest: true
        )
    }
}
