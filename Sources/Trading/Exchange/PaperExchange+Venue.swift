// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension PaperExchange {
    /// Works out what settling a session would do whose fills are those of a venue; nil when it is
    /// settled already.
    ///
    /// Entries without an outcome, or with one that can still change, wait on.
    /// - Throws: A ``TradingError`` with code `outOfRange` for what cannot be reckoned.
    public func settlement(
        at time: Instant,
        prices: [InstrumentID: SessionPrices],
        outcomes: [VenueOutcome]
    ) throws(TradingError) -> Settlement? {
        if let last = book.settledThrough, time <= last { return nil }
        var settler = VenueSettler(
            configuration: configuration,
            book: book,
            time: time,
            prices: prices
        )
        return try settler.settle(outcomes)
    }
}
