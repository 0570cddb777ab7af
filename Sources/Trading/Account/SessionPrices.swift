// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Quant

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
    /// The lowest and the highest price of the day.
    public let limits: PriceLimits<Price>
    /// The price at which the trading day is settled; nil where nobody says.
    public let settlement: Price?

    /// Checks a session's prices against one another.
    /// - Throws: A ``TradingError`` with code `invalidSession`.
    public init(
        open: Price,
        high: Price,
        low: Price,
        close: Price,
        volume: Double = 0,
        limitUp: Price? = nil,
        limitDown: Price? = nil,
        settlement: Price? = nil
    ) throws(TradingError) {
        guard low <= min(open, close), max(open, close) <= high else {
            throw TradingError(
                .invalidSession,
                "use session \(open) \(high) \(low) \(close)",
                "open and close must lie from the low to the high"
            )
        }
        let ends = [low, high, settlement].compactMap(\.self)
        let isWithin = ends.allSatisfy { price in
            limitUp.map { price <= $0 } ?? true && limitDown.map { price >= $0 } ?? true
        }
        guard isWithin else {
            throw TradingError(
                .invalidSession,
                "use session \(open) \(high) \(low) \(close)",
                "a price or the settlement price lies beyond the limits of the day"
            )
        }
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        limits = PriceLimits(lower: limitDown, upper: limitUp)
        self.settlement = settlement
    }

    /// Checks numbers, which must be above zero, and then one another.
    /// - Throws: A ``TradingError`` with code `invalidPrice` or `invalidSession`.
    public init(
        open: Decimal8,
        high: Decimal8,
        low: Decimal8,
        close: Decimal8,
        volume: Double = 0,
        limitUp: Price? = nil,
        limitDown: Price? = nil,
        settlement: Price? = nil
    ) throws(TradingError) {
        try self.init(
            open: Price(open),
            high: Price(high),
            low: Price(low),
            close: Price(close),
            volume: volume,
            limitUp: limitUp,
            limitDown: limitDown,
            settlement: settlement
        )
    }

    /// Whether the market is locked at a limit, so that nobody can trade on that side.
    func isLocked(against side: Side) -> Bool {
        limits.isLocked(buying: side == .buy, low: low, high: high)
    }

    /// A session right behind this one in which nothing moves: at a mark, or still at its limit
    /// where the market was locked against a side.
    /// - Throws: A ``TradingError`` with code `invalidSession`, which equal prices never are.
    public func standing(at mark: Price, against side: Side) throws(TradingError) -> SessionPrices {
        guard isLocked(against: side) else {
            return try SessionPrices(open: mark, high: mark, low: mark, close: mark)
        }
        return try SessionPrices(
            open: close,
            high: close,
            low: close,
            close: close,
            limitUp: limits.upper,
            limitDown: limits.lower,
            settlement: settlement
        )
    }
}
