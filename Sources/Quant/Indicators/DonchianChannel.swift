// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Donchian's channel: the greatest high and the least low of the last `window` bars; first value
/// at the `window`-th.
///
/// A bar with a price that is not finite counts as missing, and the channel starts anew behind it.
public struct DonchianChannel: ~Copyable, StreamingIndicator {
    /// The channel at one bar.
    public struct Output: Sendable, Hashable {
        /// The least low.
        public var lower: Double
        /// The greatest high.
        public var upper: Double

        /// The middle between the two.
        @inline(__always)
        public var middle: Double { (upper + lower) / 2 }

        @inline(__always)
        var isFlat: Bool {
            abs(upper - lower) <= DonchianChannel.flatness * (abs(upper) + abs(lower))
        }
    }

    /// A range below this share of its ends is no range but their rounding, as in TA-Lib.
    static let flatness = 1e-14

    private var highest: RollingExtreme<Greatest>
    private var lowest: RollingExtreme<Least>

    /// Creates a channel of so many bars, at least one.
    @inline(__always)
    public init(window: Int) {
        highest = RollingExtreme(window: window)
        lowest = RollingExtreme(window: window)
    }

    /// Takes the next bar and gives the channel.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Output {
        let isWhole = bar.hasPrices
        let upper = highest.next(isWhole ? bar.high : .nan)
        let lower = lowest.next(isWhole ? bar.low : .nan)
        return Output(lower: lower, upper: upper)
    }
}
