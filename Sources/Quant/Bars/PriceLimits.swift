// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The lowest and the highest price of a day, and what they keep from being traded.
///
/// The one place of these rules, for exact prices as for those of a backtest.
public struct PriceLimits<Price: Comparable & Hashable & Sendable>: Sendable, Hashable {
    /// The lowest price; nil for none.
    public let lower: Price?
    /// The highest price; nil for none.
    public let upper: Price?

    /// Creates limits.
    public init(lower: Price? = nil, upper: Price? = nil) {
        self.lower = lower
        self.upper = upper
    }

    /// Whether a bar was never traded below the upper limit, so that nobody could buy, or above
    /// the lower one, so that nobody could sell.
    public func isLocked(buying: Bool, low: Price, high: Price) -> Bool {
        buying ? upper.map { low >= $0 } ?? false : lower.map { high <= $0 } ?? false
    }

    /// The price of a fill, never beyond the limits.
    public func capped(_ price: Price, buying: Bool) -> Price {
        buying ? upper.map { min($0, price) } ?? price : lower.map { max($0, price) } ?? price
    }
}
