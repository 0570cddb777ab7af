// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one session filled of an order: all of it, or a part.
public struct Fill: Sendable, Hashable {
    /// The order that was filled.
    public let order: OrderID
    /// The entry whose lot it opens or closes; the order itself for an entry.
    public let entry: OrderID
    /// What was traded.
    public let instrument: InstrumentID
    /// The direction.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// The price, slippage included.
    public let price: Price
    /// The price times the quantity.
    public let notional: Money
    /// The fee paid.
    public let fee: Money
    /// The session in which it was filled.
    public let time: Instant

    /// What the fill does to the cash, where it is paid in full.
    public var cashChange: Money { (side == .buy ? -notional : notional) - fee }

    /// Whether the fill opens a lot, or a further part of it.
    public var isEntry: Bool { order == entry }

    /// This fill and a later one of the same order or lot as one: their sums, at the average price
    /// and at a time.
    ///
    /// Each lot of it is so many units.
    func adding(_ later: Fill, multiplier: Decimal8, at time: Instant) -> Fill {
        let notional = notional + later.notional
        let lots = quantity.value + later.quantity.value
        // No order is larger than a quantity may be.
        let all = try? Quantity(lots)
        // An average of prices is a price, unless it rounds to nothing.
        let average = try? Price(notional.value / (lots * multiplier))
        return Fill(
            order: later.order,
            entry: entry,
            instrument: instrument,
            side: side,
            quantity: all ?? quantity,
            price: average ?? price,
            notional: notional,
            fee: fee + later.fee,
            time: time
        )
    }
}
