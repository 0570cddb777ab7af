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
    /// The mean, spread and shape of the returns.
    public let moments: Moments
    /// The greatest loss from a peak of equity, the starting equity included, as a share of it.
    public let maxDrawdown: Double?
    /// The lags of the Newey-West variance: ⌊4(T/100)^(2/9)⌋.
    public let neweyWestLags: Int
    /// The t statistic of the mean with Newey and West's variance (1987), Bartlett weights and no
    /// small-sample correction; needs two returns, and is nil when it was not asked for.
    public let neweyWestT: Double?
    /// The growth of equity over all periods.
    public let totalReturn: Double?
    /// The growth of equity per year, E^(A/T) - 1 for a final equity of E times the first one.
    public let annualReturn: Double?
    /// What trading added to the returns; nil when it is not known.
    public let trading: TradingActivity?

    /// Computes the figures.
    ///
    /// `equity` is the curve that the drawdown is taken from, its start included; by default that
    /// of the compounded returns. All figures but the Newey-West one take two passes over the
    /// returns and one over the equity; that one takes as many again as it has lags, and can be
    /// left out.
    public init(
        returns: [Double],
        equity: [Double]? = nil,
        periodsPerYear: Double = 252,
        riskFree: Double = 0,
        trading: TradingActivity? = nil,
        includesNeweyWest: Bool = true
    ) {
        let moments = Moments(returns)
        let curve = equity ?? Self.compounded(returns)
        let isWhole = returns.isEmpty || moments.mean != nil
        let lags = NeweyWest.lags(periods: returns.count)
        let tested = includesNeweyWest ? moments.spread : nil
        self.init(
            moments: moments,
            growth: isWhole ? Self.growth(curve) : nil,
            maxDrawdown: isWhole ? Self.maxDrawdown(curve) : nil,
            neweyWestT: tested.flatMap { NeweyWest.t(returns, mean: $0.mean, lags: lags) },
            periodsPerYear: periodsPerYear,
            riskFree: riskFree,
            trading: trading
        )
    }

    /// Takes what was summed up elsewhere; `growth` is the last equity over the first.
    public init(
        moments: Moments,
        growth: Double?,
        maxDrawdown: Double?,
        neweyWestT: Double? = nil,
        periodsPerYear: Double = 252,
        riskFree: Double = 0,
        trading: TradingActivity? = nil
    ) {
        precondition(periodsPerYear > 0, "a year has periods")
        self.periodsPerYear = periodsPerYear
        self.riskFree = riskFree
        self.moments = moments
        self.trading = trading
        self.maxDrawdown = finite(maxDrawdown)
        self.neweyWestT = finite(neweyWestT)
        neweyWestLags = NeweyWest.lags(periods: moments.count)
        totalReturn = finite(growth.map { $0 - 1 })
        let power = periodsPerYear / Double(max(moments.count, 1))
        let yearly = growth.flatMap { $0 < 0 ? nil : pow($0, power) - 1 }
        annualReturn = moments.count == 0 ? nil : finite(yearly)
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
