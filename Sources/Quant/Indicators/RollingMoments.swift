// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Mean, variance, deviation and score of the last `window` values; first at the `window`-th.
///
/// The sums are of distances from a value near the window, so that no digits are lost to the
/// level, and are built anew about the mean when they have shrunk against that distance, when a
/// value far out has left, and every 32 windows, in the way and the order of TA-Lib's VAR since
/// 0.8. Equal values have a variance of exactly 0. A value that is not finite counts as missing,
/// and the window starts anew behind it.
public struct RollingMoments: ~Copyable, StreamingIndicator {
    /// What is known of one window.
    public struct Output: Sendable, Hashable {
        /// The mean.
        public var mean: Double
        /// The population variance, divisor `window`.
        public var variance: Double
        /// The last value less the mean.
        public var distance: Double

        static let missing = Output(mean: .nan, variance: .nan, distance: .nan)

        /// The population standard deviation, TA-Lib's STDDEV.
        @inline(__always)
        public var deviation: Double { variance.squareRoot() }

        /// The distance of the last value from the mean in standard deviations; missing when all
        /// values of the window are equal.
        @inline(__always)
        public var score: Double { variance > 0 ? distance / variance.squareRoot() : .nan }
    }

    /// A variance below this share of the mean square it is taken from asks for new sums.
    private static let lost = 1e-6
    /// After new sums, a variance below this share is the rounding of the mean alone.
    private static let nothing = 1e-12
    /// A square that leaves and is so many times what stays asks for new sums.
    private static let buried = 1e6
    private static let renewalWindows = 32

    private let window: Int
    private let share: Double
    private var shift = 0.0
    private var sum = 0.0
    private var squares = 0.0
    private var seen = 0
    private var untilRenewal = 0
    private var ring: Ring

    /// Creates the moments of so many values, at least one.
    @inline(__always)
    public init(window: Int) {
        ring = Ring(window)
        self.window = window
        share = 1 / Double(window)
    }

    /// Takes the next value and gives the moments.
    @inline(__always)
    public mutating func next(_ value: Double) -> Output {
        guard value.isFinite else {
            seen = 0
            return .missing
        }
        if seen == 0 { start(value) }
        ring.push(value)
        add(value - shift)
        guard seen >= window - 1 else {
            seen += 1
            return .missing
        }
        var result = moments(value)
        let leaving = remove(ring[window - 1] - shift)
        untilRenewal -= 1
        if result.variance < Self.lost * (squares * share) || leaving > Self.buried * squares
            || untilRenewal <= 0
        {
            result = renew(value)
        }
        return result
    }

    private mutating func start(_ value: Double) {
        shift = value
        sum = 0
        squares = 0
        untilRenewal = Self.renewalWindows * window
    }

    @inline(__always)
    private mutating func add(_ distance: Double) {
        sum += distance
        squares += distance * distance
    }

    @inline(__always)
    private mutating func remove(_ distance: Double) -> Double {
        let square = distance * distance
        sum -= distance
        squares -= square
        return square
    }

    @inline(__always)
    private func moments(_ value: Double) -> Output {
        let mean = sum * share
        return Output(
            mean: shift + mean,
            variance: squares * share - mean * mean,
            distance: (value - shift) - mean
        )
    }

    private mutating func renew(_ value: Double) -> Output {
        untilRenewal = Self.renewalWindows * window
        var total = 0.0
        for ago in (0..<window).reversed() { total += ring[ago] }
        shift = total * share
        sum = 0
        squares = 0
        for ago in (0..<window).reversed() { add(ring[ago] - shift) }
        var result = moments(value)
        if result.variance < Self.nothing * (squares * share) { result.variance = 0 }
        _ = remove(ring[window - 1] - shift)
        return result
    }
}
