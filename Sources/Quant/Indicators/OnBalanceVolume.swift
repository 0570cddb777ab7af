// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// On-balance volume: the volume of the first bar and from there the volumes of rises less those
/// of falls of the close.
///
/// A bar whose close or volume is not finite is skipped.
public struct OnBalanceVolume: Sendable, StreamingIndicator {
    private var close = Double.nan
    private var balance = 0.0

    /// Creates the indicator.
    @inline(__always)
    public init() {}

    /// Takes the next bar and gives the balance.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        guard bar.close.isFinite, bar.volume.isFinite else { return .nan }
        if close.isNaN || bar.close > close {
            balance += bar.volume
        } else if bar.close < close {
            balance -= bar.volume
        }
        close = bar.close
        return balance
    }
}
