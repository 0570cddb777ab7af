// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// The figures of an equity curve that one pass can give.
struct EquitySums: Sendable {
    /// The number of returns, one fewer than there are values.
    let count: Int
    /// The mean of the values.
    let mean: Double
    /// The last value over the first.
    let growth: Double
    /// The greatest loss from a peak, as a share of it.
    let maxDrawdown: Double
    /// The figures of the returns; nil when these are so nearly equal that one pass cannot tell
    /// them apart.
    let moments: Moments?

    /// Reads what a finished curve was summed up to; `first` and `last` are its ends.
    init(_ curve: desk_curve, first: Double, last: Double) {
        count = Int(curve.count) - 1
        mean = Self.sum(curve.total) / Double(curve.count)
        growth = last / first
        maxDrawdown = curve.worst
        moments = Self.moments(curve, count: count)
    }

    /// Sums up a curve that is there as a whole.
    init(_ equity: [Double]) {
        var curve = desk_curve()
        desk_curve_start(&curve, equity.first ?? 0)
        desk_curve_add(&curve, equity, equity.count)
        desk_curve_finish(&curve)
        self.init(curve, first: equity.first ?? 0, last: equity.last ?? 0)
    }

    private typealias Lanes = (Double, Double, Double, Double, Double, Double, Double, Double)

    private static func sum(_ lanes: Lanes) -> Double {
        ((lanes.0 + lanes.1) + (lanes.2 + lanes.3)) + ((lanes.4 + lanes.5) + (lanes.6 + lanes.7))
    }

    /// Central moments from the sums of powers.
    private static func moments(_ curve: desk_curve, count: Int) -> Moments? {
        let number = Double(count)
        let first = sum(curve.first)
        guard count > 0, first.isFinite else {
            return Moments(
                count: count,
                mean: nil,
                deviation: nil,
                skewness: nil,
                kurtosis: nil,
                downside: nil
            )
        }
        let mean = first / number
        let second = sum(curve.second) / number
        let downside = (sum(curve.losses) / number).squareRoot()
        let variance = second - mean * mean
        guard second > 0, count > 1 else {
            return Moments(
                count: count,
                mean: mean,
                deviation: count > 1 ? 0 : nil,
                skewness: nil,
                kurtosis: nil,
                downside: downside
            )
        }
        // Where the spread is a small part of the size, the difference has too few digits.
        guard variance > 0.01 * second else { return nil }
        let third = sum(curve.third) / number
        let fourth = sum(curve.fourth) / number
        let cubes = third - 3 * mean * second + 2 * mean * mean * mean
        let fourths =
            fourth - 4 * mean * third + 6 * mean * mean * second - 3 * mean * mean * mean * mean
        return Moments(
            count: count,
            mean: mean,
            deviation: (variance * (number / (number - 1))).squareRoot(),
            skewness: cubes / (variance * variance.squareRoot()),
            kurtosis: fourths / (variance * variance),
            downside: downside
        )
    }
}
