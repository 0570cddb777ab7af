// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The mean, spread and shape of a series of returns, with equal values told from nearly equal
/// ones.
///
/// A figure that is not defined is nil; none is ever infinite or not a number.
public struct Moments: Sendable, Hashable {
    /// The number of values.
    public let count: Int
    /// The mean; nil without values or when one of them is not finite.
    public let mean: Double?
    /// The standard deviation, divisor n - 1; nil below two values.
    public let deviation: Double?
    /// The third standardised moment, divisor n; nil for a constant series.
    public let skewness: Double?
    /// The fourth standardised moment, divisor n, 3 for normal values; nil for a constant series.
    public let kurtosis: Double?
    /// The root of the mean square of the values below zero, those above counted as zero.
    public let downside: Double?

    /// Computes them in two passes.
    public init(_ values: [Double]) {
        count = values.count
        let first = values.withUnsafeBufferPointer { FirstPass($0) }
        guard !values.isEmpty, first.sum.isFinite else {
            mean = nil
            deviation = nil
            skewness = nil
            kurtosis = nil
            downside = nil
            return
        }
        let count = Double(values.count)
        let mean = first.sum / count
        self.mean = mean
        downside = finite((first.lossSquares / count).squareRoot())
        let hasSpread = values.count >= 2 && !first.isConstant
        guard hasSpread else {
            deviation = values.count < 2 ? nil : 0
            skewness = nil
            kurtosis = nil
            return
        }
        let second = values.withUnsafeBufferPointer { SecondPass($0, around: mean) }
        deviation = finite((second.squares / (count - 1)).squareRoot())
        let variance = second.squares / count
        skewness = finite(second.cubes / count / (variance * variance.squareRoot()))
        kurtosis = finite(second.fourths / count / (variance * variance))
    }

    /// Takes figures that were computed elsewhere.
    public init(
        count: Int,
        mean: Double?,
        deviation: Double?,
        skewness: Double?,
        kurtosis: Double?,
        downside: Double?
    ) {
        self.count = count
        self.mean = finite(mean)
        self.deviation = finite(deviation)
        self.skewness = finite(skewness)
        self.kurtosis = finite(kurtosis)
        self.downside = finite(downside)
    }

    /// Mean and deviation, when the deviation is above zero.
    var spread: (mean: Double, deviation: Double)? {
        guard let mean, let deviation, deviation > 0 else { return nil }
        return (mean, deviation)
    }
}

/// What can be summed before the mean is known.
private struct FirstPass {
    var sum = 0.0
    var lossSquares = 0.0
    var isConstant = true

    init(_ values: UnsafeBufferPointer<Double>) {
        guard let first = values.first else { return }
        for value in values {
            sum += value
            let loss = value < 0 ? value : 0
            lossSquares += loss * loss
            isConstant = isConstant && value == first
        }
    }
}

/// The sums of the powers of what lies between the values and their mean.
private struct SecondPass {
    var squares = 0.0
    var cubes = 0.0
    var fourths = 0.0

    init(_ values: UnsafeBufferPointer<Double>, around mean: Double) {
        for value in values {
            let distance = value - mean
            let square = distance * distance
            squares += square
            cubes += square * distance
            fourths += square * square
        }
    }
}

/// The number if it is finite.
func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
}
