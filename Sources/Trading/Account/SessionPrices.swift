// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The four prices of one instrument's session.
public struct SessionPrices: Sendable, Hashable {
    /// The first price.
    public let open: Price
    /// The highest price.
    public let high: Price
    /// The lowest price.
    public let low: Price
    /// The last price.
    public let close: Price
    /// The quantity traded; zero where nobody says.
    public let volume: Double

    /// Checks a session's prices against one another.
    /// - Throws: A ``TradingError`` with code `invalidSession`.
    public init(
        open: Price,
        high: Price,
        low: Price,
        close: Price,
        volume: Double = 0
    ) throws(TradingError) {
        guard low <= min(open, close), max(open, close) <= high else {
            throw TradingError(
                .invalidSession,
                "use session \(open) \(high) \(low) \(close)",
                "open and close must lie from the low to the high"
            )
        }
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }

    /// Checks numbers, which must be above zero, and then one another.
    /// - Throws: A ``TradingError`` with code `invalidPrice` or `invalidSession`.
    public init(
        open: Decimal8,
        high: Decimal8,
        low: Decimal8,
        close: Decimal8,
        volume: Double = 0
    ) throws(TradingError) {
        try self.init(
            open: Price(open),
            high: Price(high),
            low: Price(low),
            close: Price(close),
            volume: volume
        )
    }
}
