// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The least-squares line through the last `window` values over time; first at the `window`-th.
///
/// The sums are carried along in TA-Lib's order and, as there since 0.8, built anew every 32
/// windows and when the value that leaves outweighs a hundred times all that stays. A value that
/// is not finite counts as missing, and the window starts anew behind it.
public struct LineFit: ~Copyable, StreamingIndicator {
    /// The line at one bar.
    public struct Output: Sendable, Hashable {
        /// The rise from one bar to the next.
        public var slope: Double
        /// The line's value at the first bar of the window.
        public var intercept: Double
        /// The line's value at the last bar, TA-Lib's LINEARREG.
        public var value: Double
        /// The line's value at the bar to come, TA-Lib's TSF.
        public var forecast: Double
        /// The share of the variance that the line explains, 0 to 1; missing when there is none.
        public var determination: Double

        static let missing = Output(
            slope: .nan,
            intercept: .nan,
            value: .nan,
            forecast: .nan,
            determination: .nan
        )
    }

    private static let heavy = 100.0
    private static let renewalWindows = 32

    private let window: Int
    private let count: Double
    private let places: Double
    private let divisor: Double
    private var sum = 0.0
    private var weighted = 0.0
    private var weight = 0.0
    private var seen = 0
    private var untilRenewal = 0
    private var ring: Ring
    private var moments: RollingMoments

    /// Creates a line through so many values, at least two.
    @inline(__always)
    public init(window: Int) {
        precondition(window >= 2, "a line needs at least two values")
        ring = Ring(window)
        moments = RollingMoments(window: window)
        self.window = window
        count = Double(window)
        places = count * (count - 1) * 0.5
        divisor = places * places - count * (count * (count - 1) * (2 * count - 1) / 6)
    }

    /// Takes the next value and gives the line.
    @inline(__always)
    public mutating func next(_ value: Double) -> Output {
        let variance = moments.next(value).variance
        guard value.isFinite else {
            seen = 0
            return .missing
        }
        let leaving = ring[window - 1]
        ring.push(value)
        if seen < window {
            seen += 1
            guard seen == window else { return .missing }
            renew()
        } else {
            slide(value, leaving)
        }
        return line(variance)
    }

    @inline(__always)
    private mutating func slide(_ value: Double, _ leaving: Double) {
        let heaviest = count * leaving
        weighted = weighted + sum - heaviest
        sum = sum - leaving + value
        weight = weight - abs(leaving) + abs(value)
        untilRenewal -= 1
        if untilRenewal <= 0 || abs(heaviest) > Self.heavy * weight { renew() }
    }

    private mutating func renew() {
        untilRenewal = Self.renewalWindows * window
        sum = 0
        weighted = 0
        weight = 0
        for ago in (0..<window).reversed() {
            let value = ring[ago]
            sum += value
            weighted += Double(ago) * value
            weight += abs(value)
        }
    }

    @inline(__always)
    private func line(_ variance: Double) -> Output {
        let slope = (count * weighted - places * sum) / divisor
        let intercept = (sum - slope * places) / count
        let explained = slope * slope * (count * count - 1) / 12
        return Output(
            slope: slope,
            intercept: intercept,
            value: CheckedFused.sum(slope, count - 1, intercept),
            forecast: CheckedFused.sum(slope, count, intercept),
            determination: variance > 0 ? min(1, explained / variance) : .nan
        )
    }
}
