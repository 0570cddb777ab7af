// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The mean typical price of each unit traded since the beginning of a session, which the caller
/// says.
///
/// The typical price is a third of high, low and close. Missing until something is traded; a bar
/// with a price or a volume that is not finite is skipped.
public struct VolumeWeightedPrice: Sendable, StreamingIndicator {
    private var turnover = 0.0
    private var volume = 0.0

    /// Creates the indicator at the beginning of a session.
    @inline(__always)
    public init() {}

    /// Begins a session.
    @inline(__always)
    public mutating func reset() {
        turnover = 0
        volume = 0
    }

    /// Takes the next bar and gives the price.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        guard bar.hasPrices, bar.volume.isFinite else { return .nan }
        turnover += bar.typicalPrice * bar.volume
        volume += bar.volume
        return volume > 0 ? turnover / volume : .nan
    }
}
