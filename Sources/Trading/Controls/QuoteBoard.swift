// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The last price of every instrument, and the one before it.
public struct QuoteBoard: Sendable, Hashable {
    /// The quotes.
    public private(set) var quotes: [InstrumentID: Quote] = [:]

    /// Creates a board without prices.
    public init() {}

    /// Takes in the prices of one session; sessions come in the order of their times.
    public mutating func take(_ prices: [InstrumentID: SessionPrices], at time: Instant) {
        for (instrument, session) in prices {
            let known = quotes[instrument]
            guard known.map({ $0.time < time }) ?? true else { continue }
            quotes[instrument] = Quote(
                last: session.close,
                previous: known?.last,
                time: time
            )
        }
    }
}
