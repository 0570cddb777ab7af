// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The t statistic of a mean when the values depend on those before them (Newey and West, 1987).
///
/// Bartlett weights, no small-sample correction.
public enum NeweyWest {
    /// The lags of the variance, ⌊4(T/100)^(2/9)⌋, found in whole numbers.
    ///
    /// L is the greatest whole number with L⁹·10⁴ ≤ 4⁹·T², so no rounding of a power can move it.
    public static func lags(periods: Int) -> Int {
        let bound = UInt128(262_144) * UInt128(periods) * UInt128(periods)
        var lags = 0
        while ninthPower(UInt128(lags + 1)) * 10_000 <= bound { lags += 1 }
        return lags
    }

    /// The t statistic of the mean; nil when the variance is not above zero.
    ///
    /// Takes time in proportion to the values times the lags, thirty-two lags at once.
    static func t(_ returns: [Double], mean: Double, lags: Int) -> Double? {
        t(returns, areEquity: false, count: returns.count, mean: mean, lags: lags)
    }

    /// The t statistic of the mean return of an equity curve, as of ``BacktestResult/returns``.
    static func t(equity: [Double], mean: Double) -> Double? {
        let count = max(0, equity.count - 1)
        return t(equity, areEquity: true, count: count, mean: mean, lags: lags(periods: count))
    }

    private static func t(
        _ values: [Double],
        areEquity: Bool,
        count: Int,
        mean: Double,
        lags: Int
    ) -> Double? {
        let room = lags / 8 * 8 + 8
        var sums = [Double](repeating: 0, count: room)
        var work = [Double](repeating: 0, count: room + 1024)
        desk_lagged_products(values, areEquity ? 1 : 0, count, mean, lags, &work, &sums)
        let number = Double(count)
        var variance = sums[0] / number
        for lag in 0..<lags {
            let weight = 1 - Double(lag + 1) / Double(lags + 1)
            variance += 2 * weight * (sums[lag + 1] / number)
        }
        guard variance > 0 else { return nil }
        return mean / (variance / number).squareRoot()
    }

    private static func ninthPower(_ value: UInt128) -> UInt128 {
        let cube = value * value * value
        return cube * cube * cube
    }
}
