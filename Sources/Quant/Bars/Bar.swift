// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The prices and the volume of one instrument over one period.
public struct Bar: Sendable, Hashable {
    /// The instrument.
    public let symbol: Symbol
    /// The start of the period; midnight UTC of its date for a daily bar.
    public let time: Instant
    /// The first price.
    public let open: Double
    /// The highest price.
    public let high: Double
    /// The lowest price.
    public let low: Double
    /// The last price.
    public let close: Double
    /// The quantity traded.
    public let volume: Double
    /// What the venue says of its day; nil from a file that has no such columns.
    public var day: DayPrices?

    /// What every price must lie below, so that values and their sums stay far from infinity.
    public static var priceLimit: Double { 1e20 }

    /// Creates a bar without checking it; ``BarInspector`` does that.
    public init(
        symbol: Symbol,
        time: Instant,
        open: Double,
        high: Double,
        low: Double,
        close: Double,
        volume: Double,
        day: DayPrices? = nil
    ) {
        self.symbol = symbol
        self.time = time
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.day = day
    }
}
