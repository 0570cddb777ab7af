// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Performance {
    /// The lags of the Newey-West variance, ⌊4(T/100)^(2/9)⌋, found in whole numbers.
    ///
    /// L is the greatest whole number with L⁹·10⁴ ≤ 4⁹·T², so no rounding of a power can move it.
    public static func neweyWestLags(periods: Int) -> Int {
        let bound = UInt128(262_144) * UInt128(periods) * UInt128(periods)
        var lags = 0
        while ninthPower(UInt128(lags + 1)) * 10_000 <= bound { lags += 1 }
        return lags
    }

    private static func ninthPower(_ value: UInt128) -> UInt128 {
        let cube = value * value * value
        return cube * cube * cube
    }

    static func neweyWestT(_ returns: [Double], mean: Double, lags: Int) -> Double? {
        let count = returns.count
        let deviations = returns.map { $0 - mean }
        func autocovariance(_ lag: Int) -> Double {
            var sum = 0.0
            for index in lag..<max(lag, count) {
                sum += deviations[index] * deviations[index - lag]
            }
            return sum / Double(count)
        }
        var variance = autocovariance(0)
        for lag in 0..<lags {
            let weight = 1 - Double(lag + 1) / Double(lags + 1)
            variance += 2 * weight * autocovariance(lag + 1)
        }
        guard variance > 0 else { return nil }
        return mean / (variance / Double(count)).squareRoot()
    }

    static func compounded(_ returns: [Double]) -> [Double] {
        var curve = [1.0]
        curve.reserveCapacity(returns.count + 1)
        var equity = 1.0
        for value in returns {
            equity *= 1 + value
            curve.append(equity)
        }
        return curve
    }

    static func maxDrawdown(_ equity: [Double]) -> Double? {
        guard var peak = equity.first, peak > 0 else { return nil }
        var worst = 0.0
        for value in equity {
            if value > peak { peak = value } else { worst = max(worst, 1 - value / peak) }
        }
        return finite(worst)
    }

    static func growth(_ equity: [Double]) -> Double? {
        guard let first = equity.first, let last = equity.last, first > 0 else { return nil }
        return last / first
    }
}
