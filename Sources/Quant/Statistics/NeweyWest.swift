// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

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
    /// Takes time in proportion to the values times the lags, eight lags at once.
    static func t(_ returns: [Double], mean: Double, lags: Int) -> Double? {
        let count = Double(returns.count)
        let sums = products(returns, mean: mean, lags: lags)
        var variance = sums[0] / count
        for lag in 0..<lags {
            let weight = 1 - Double(lag + 1) / Double(lags + 1)
            variance += 2 * weight * (sums[lag + 1] / count)
        }
        guard variance > 0 else { return nil }
        return mean / (variance / count).squareRoot()
    }

    /// The sums of d[t]·d[t - lag] for every lag from 0, where d is the distance to the mean.
    ///
    /// Zeros before the first value let all lags begin at the same place. Each sum still adds its
    /// terms in the order of time, so it is what a plain loop over one lag gives.
    private static func products(_ returns: [Double], mean: Double, lags: Int) -> [Double] {
        let width = SIMD8<Double>.scalarCount
        let groups = lags / width + 1
        let padding = groups * width
        var distances = [Double](repeating: 0, count: padding)
        distances.reserveCapacity(padding + returns.count)
        for value in returns { distances.append(value - mean) }
        var sums: [Double] = []
        distances.withUnsafeBytes { bytes in
            for group in 0..<groups {
                var sum = SIMD8<Double>(repeating: 0)
                // Element i of a load is the value at lag (group + 1) · width - 1 - i.
                let back = (group + 1) * width - 1
                for time in padding..<(padding + returns.count) {
                    let now = bytes.load(fromByteOffset: time * 8, as: Double.self)
                    sum +=
                        now
                        * bytes.loadUnaligned(
                            fromByteOffset: (time - back) * 8,
                            as: SIMD8<Double>.self
                        )
                }
                for place in 0..<width { sums.append(sum[width - 1 - place]) }
            }
        }
        return sums
    }

    private static func ninthPower(_ value: UInt128) -> UInt128 {
        let cube = value * value * value
        return cube * cube * cube
    }
}
