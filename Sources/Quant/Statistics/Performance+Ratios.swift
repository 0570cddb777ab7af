// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Performance {
    /// The number of returns.
    public var periods: Int { moments.count }

    /// The mean return of a period.
    public var mean: Double? { moments.mean }

    /// The standard deviation of a period's return, divisor n - 1.
    public var standardDeviation: Double? { moments.deviation }

    /// The standard deviation per year.
    public var volatility: Double? {
        finite(moments.deviation.map { $0 * periodsPerYear.squareRoot() })
    }

    /// The Sharpe ratio of one period: (mean - riskFree / periodsPerYear) / deviation.
    public var sharpePerPeriod: Double? {
        finite(moments.spread.map { ($0.mean - riskFree / periodsPerYear) / $0.deviation })
    }

    /// The annual Sharpe ratio: (mean - riskFree / periodsPerYear) / deviation · √periodsPerYear.
    public var sharpe: Double? {
        finite(sharpePerPeriod.map { $0 * periodsPerYear.squareRoot() })
    }

    /// The annual Sortino ratio, mean · √A / √(mean(min(r, 0)²)); nil without a loss.
    ///
    /// Its target is zero: the riskless rate is not deducted.
    public var sortino: Double? {
        guard let mean, let downside = moments.downside, downside > 0 else { return nil }
        return finite(mean * periodsPerYear.squareRoot() / downside)
    }

    /// The growth per year over the greatest drawdown; nil without a drawdown.
    public var calmar: Double? {
        guard let annualReturn, let maxDrawdown, maxDrawdown > 0 else { return nil }
        return finite(annualReturn / maxDrawdown)
    }

    /// The t statistic of the mean as if returns were independent.
    public var naiveT: Double? {
        finite(moments.spread.map { $0.mean / $0.deviation * Double(periods).squareRoot() })
    }

    /// The probability that the true Sharpe ratio is above zero.
    public var psr: Double? { dsr(trials: 1, trialVariance: 0) }

    /// The probability that the true Sharpe ratio is above what the best of so many independent
    /// trials shows by luck; `trialVariance` is that of the trials' ratios per period.
    public func dsr(trials: Int, trialVariance: Double) -> Double? {
        guard let sharpePerPeriod, let skewness = moments.skewness,
            let kurtosis = moments.kurtosis
        else { return nil }
        return SharpeSignificance.deflated(
            sharpe: sharpePerPeriod,
            trials: trials,
            trialVariance: trialVariance,
            periods: periods,
            skewness: skewness,
            kurtosis: kurtosis
        )
    }

    /// The figures that follow from returns alone, by the names and in the order of the command
    /// line's JSON; nil where undefined.
    public var returnFigures: [(name: String, value: Double?)] {
        [
            ("total_return", totalReturn), ("cagr", annualReturn), ("volatility", volatility),
            ("sharpe", sharpe), ("sortino", sortino), ("calmar", calmar),
            ("max_drawdown", maxDrawdown), ("newey_west_t", neweyWestT), ("psr", psr),
        ]
    }
}
