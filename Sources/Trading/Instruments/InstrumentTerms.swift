// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a product is, from one date on: a row of the tables.
public struct InstrumentTerms: Sendable, Hashable {
    /// The product: `rb`, `TA`, `BTC`, or a share's symbol.
    public let product: String
    /// What kind of thing it is.
    public let kind: InstrumentKind
    /// Where it is listed.
    public let marketplace: Marketplace
    /// The currency of prices and money.
    public let currency: String
    /// The units of one lot, by which a price is multiplied.
    public let multiplier: Decimal8
    /// The prices that may be quoted.
    public let grid: PriceGrid
    /// What a quantity is a multiple of.
    public let lot: Decimal8
    /// The least value of an order; nil for none.
    public let leastNotional: Decimal8?
    /// The end of the night session by the market's clock; nil for none.
    public let nightEnd: ClockTime?
    /// How trades are settled.
    public let settlement: SettlementRule
    /// The first date on which the row holds.
    public let effectiveFrom: CalendarDate
    /// Where the row is from.
    public let source: String
}
