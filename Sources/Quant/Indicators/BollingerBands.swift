// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Bollinger's bands: a simple average and so many population standard deviations around it;
/// first value at the `window`-th input.
///
/// A value that is not finite counts as missing, and the bands start anew behind it.
public struct BollingerBands: ~Copyable, StreamingIndicator {
    /// The bands at one bar.
    public struct Output: Sendable, Hashable {
        /// The value itself.
        public var value: Double
        /// The average less the width.
        public var lower: Double
        /// The average.
        public var middle: Double
        /// The average and the width.
        public var upper: Double

        /// Where the value lies between the lower band, 0, and the upper, 1; missing when they
        /// meet.
        @inline(__always)
        public var position: Double {
            upper > lower ? (value - lower) / (upper - lower) : .nan
        }

        /// The distance of the bands in terms of the average; missing when that is 0.
        @inline(__always)
        public var width: Double { middle == 0 ? .nan : (upper - lower) / middle }
    }

    private let deviations: Double
    private var average: SimpleAverage
    private var moments: RollingMoments

    /// Creates bands over so many values, at least one.
    @inline(__always)
    public init(window: Int, deviations: Double = 2) {
        self.deviations = deviations
        average = SimpleAverage(window: window)
        moments = RollingMoments(window: window)
    }

    /// Takes the next value and gives the bands.
    @inline(__always)
    public mutating func next(_ value: Double) -> Output {
        let middle = average.next(value)
        let width = moments.next(value).deviation * deviations
        return Output(value: value, lower: middle - width, middle: middle, upper: middle + width)
    }
}
