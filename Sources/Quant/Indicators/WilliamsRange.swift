// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Williams' %R: how far the close lies below the greatest high of the last `window` bars, from 0
/// down to -100; first value at the `window`-th bar.
///
/// Without any range it is 0. A bar with a price that is not finite counts as missing, and the
/// window starts anew behind it.
public struct WilliamsRange: ~Copyable, StreamingIndicator {
    private var channel: DonchianChannel

    /// Creates an indicator over so many bars, at least one.
    @inline(__always)
    public init(window: Int) {
        channel = DonchianChannel(window: window)
    }

    /// Takes the next bar and gives the value.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        let ends = channel.next(bar)
        let share = (ends.upper - bar.close) / (ends.upper - ends.lower)
        return ends.isFlat ? 0 : -100 * share
    }
}
