// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Performance {
    /// The lags of the Newey-West variance, ⌊4(T/100)^(2/9)⌋, found in whole numbers.
    public static func neweyWestLags(periods: Int) -> Int { NeweyWest.lags(periods: periods) }

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

    /// The greatest loss from a peak, as a share of it; nil for a curve that does not begin above
    /// zero.
    static func maxDrawdown(_ equity: [Double]) -> Double? {
        guard var peak = equity.first, peak > 0 else { return nil }
        var worst = 0.0
        equity.withUnsafeBufferPointer { equity in
            for value in equity {
                if value > peak {
                    peak = value
                } else {
                    let loss = 1 - value / peak
                    if loss > worst || loss.isNaN { worst = loss }
                }
            }
        }
        return finite(worst)
    }

    static func growth(_ equity: [Double]) -> Double? {
        guard let first = equity.first, let last = equity.last, first > 0 else { return nil }
        return last / first
    }
}
