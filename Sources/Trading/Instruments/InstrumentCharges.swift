// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What trading and holding a product costs, from one date on: a row of the tables.
public struct InstrumentCharges: Sendable, Hashable {
    /// The product.
    public let product: String
    /// The share of the value that has to be deposited; nil when the source does not say, and for
    /// perpetual futures, whose leverage decides.
    public let marginRate: Decimal8?
    /// The share at which the venue closes positions; nil when the source does not say.
    public let maintenanceRate: Decimal8?
    /// The fee for opening.
    public let open: Fee
    /// The fee for closing.
    public let close: Fee
    /// The fee for closing what was opened on the same trading day.
    public let closeToday: Fee
    /// The fee of an order that waited in the book, where it has one of its own.
    public let maker: Fee?
    /// The first date on which the row holds.
    public let effectiveFrom: CalendarDate
    /// Where the row is from.
    public let source: String

    /// The fee of a trade by what it does to the position.
    public func fee(for effect: PositionEffect) -> Fee {
        switch effect {
        case .open: open
        case .close: close
        case .closeToday: closeToday
        }
    }
}
