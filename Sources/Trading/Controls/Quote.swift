// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What is known of an instrument's price.
public struct Quote: Sendable, Hashable {
    /// The last price.
    public let last: Price
    /// The last price before that; nil when there was none.
    public let previous: Price?
    /// The best price at which somebody buys, if the feed tells.
    public let bid: Price?
    /// The best price at which somebody sells, if the feed tells.
    public let ask: Price?
    /// When the last price was made.
    public let time: Instant

    /// Creates a quote.
    public init(
        last: Price,
        previous: Price? = nil,
        bid: Price? = nil,
        ask: Price? = nil,
        time: Instant
    ) {
        self.last = last
        self.previous = previous
        self.bid = bid
        self.ask = ask
        self.time = time
    }

    /// Whether the bid lies at or above the ask, which no market means.
    public var isCrossed: Bool {
        guard let bid, let ask else { return false }
        return bid >= ask
    }
}
