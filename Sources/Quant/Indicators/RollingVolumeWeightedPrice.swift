// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The mean typical price of each unit traded in the last `window` bars; first value at the
/// `window`-th.
///
/// Missing when nothing was traded. A bar with a price or a volume that is not finite counts as
/// missing, and the window starts anew behind it.
public struct RollingVolumeWeightedPrice: ~Copyable, StreamingIndicator {
    private var turnover: RollingSum
    private var volume: RollingSum

    /// Creates an indicator over so many bars, at least one.
    @inline(__always)
    public init(window: Int) {
        turnover = RollingSum(window: window)
        volume = RollingSum(window: window)
    }

    /// Takes the next bar and gives the price.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        guard bar.hasPrices, bar.volume.isFinite else {
            turnover.reset()
            volume.reset()
            return .nan
        }
        let turnover = turnover.next(bar.typicalPrice * bar.volume)
        let volume = volume.next(bar.volume)
        return volume > 0 ? turnover / volume : .nan
    }
}
