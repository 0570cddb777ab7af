// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one instrument did in one step.
public struct MarketBar: Sendable, Hashable {
    /// The four prices, and the limits of the day.
    public let prices: SessionPrices
    /// What was traded, in lots; nil when it is not known, and no fill is bounded by it then.
    public let volume: Decimal8?
    /// The settlement price, with which the trading day ends; nil within a day.
    public let settlement: Price?
    /// The mean premium of the hour that ends, for a funding payment; nil for none.
    public let premium: Decimal8?

    /// Creates a step's data.
    public init(
        _ prices: SessionPrices,
        volume: Decimal8? = nil,
        settlement: Price? = nil,
        premium: Decimal8? = nil
    ) {
        self.prices = prices
        self.volume = volume
        self.settlement = settlement
        self.premium = premium
    }
}
