// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a series of returns on equity, one per period, says about a strategy.
///
/// Returns are net of costs. A figure that is not defined, such as the Sharpe ratio of a constant
/// series, is nil; none is ever infinite or not a number.
public struct Performance: Sendable, Hashable {
    /// The periods in a year that annual figures assume.
    public let periodsPerYear: Double
    /// The annual riskless rate that the Sharpe ratio deducts.
    public let riskFree: Double
    /// The number of returns.
    public let periods: Int
    /// The mean return of a period.
    public let mean: Double?
    /// The standard deviation of a period's return, divisor n - 1.
    public let standardDeviation: Double?
    /// The annual Sharpe ratio: (mean - riskFree / periodsPerYear) / deviation · √periodsPerYear.
    public let sharpe: Double?
    /// The greatest loss from a peak of equity, the starting equity included, as a share of it.
    public let maxDrawdown: Double?
    /// The lags of the Newey-West variance: ⌊4(T/100)^(2/9)⌋.
    public let neweyWestLags: Int
    /// The t statistic of the mean with Newey and West's variance (1987), Bartlett weights and no
    /// small-sample correction; needs two returns.
    public let neweyWestT: Double?
    /// The t statistic of the mean as if returns were independent.
    public let naiveT: Double?
    /// The growth of equity over all periods.
    public let totalReturn: Double?
    /// The growth of equity per year.
    public let annualReturn: Double?
    /// The standard deviation per year.
    public let volatility: Double?
    /// What trading added to the returns; nil when it is not known.
    public let trading: TradingActivity?

    /// Computes the figures.
    ///
    /// `equity` is the curve that the drawdown is taken from, its start included; by default that
    /// of the compounded returns.
    public init(
        returns: [Double],
        equity: [Double]? = nil,
        periodsPerYear: Double = 252,
        riskFree: Double = 0,
        trading: TradingActivity? = nil
    ) {
        precondition(periodsPerYear > 0, "a year has periods")
        self.periodsPerYear = periodsPerYear
        self.riskFree = riskFree
        self.trading = trading
        periods = returns.count
        let lags = Self.neweyWestLags(periods: returns.count)
        neweyWestLags = lags
        let moments = Moments(returns)
        mean = moments.mean
        standardDeviation = moments.deviation
        let root = periodsPerYear.squareRoot()
        volatility = finite(moments.deviation.map { $0 * root })
        let spread = moments.spread
        sharpe = finite(
            spread.map { (mean, deviation) in
                (mean - riskFree / periodsPerYear) / deviation * root
            }
        )
        naiveT = finite(
            spread.map { (mean, deviation) in
                mean / deviation * Double(returns.count).squareRoot()
            }
        )
        neweyWestT = finite(
            spread.flatMap { (mean, _) in
                Self.neweyWestT(returns, mean: mean, lags: lags)
            }
        )
        let curve = equity ?? Self.compounded(returns)
        let isWhole = moments.mean != nil
        maxDrawdown = isWhole ? Self.maxDrawdown(curve) : nil
        let growth = isWhole ? Self.growth(curve) : nil
        totalReturn = finite(growth.map { $0 - 1 })
        annualReturn = finite(
            growth.flatMap { $0 < 0 ? nil : pow($0, periodsPerYear / Double(returns.count)) - 1 }
        )
    }

    /// The defined figures by the names that rules and goals use, sorted by name.
    public var figures: [(name: String, value: Double)] {
        let all: [(String, Double?)] = [
            ("annual_return", annualReturn), ("exposure", trading?.exposure),
            ("max_drawdown", maxDrawdown), ("mean_return", mean), ("naive_t", naiveT),
            ("newey_west_t", neweyWestT), ("periods", Double(periods)),
            ("profit_factor", trading?.profitFactor), ("sharpe", sharpe),
            ("total_return", totalReturn), ("trades", trading.map { Double($0.trades) }),
            ("turnover", trading?.turnover), ("volatility", volatility),
            ("win_rate", trading?.winRate),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}
