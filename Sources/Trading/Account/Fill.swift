// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One execution of a whole order.
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

    /// Whether the fill opens a lot.
    public var isEntry: Bool { order == entry }
}
