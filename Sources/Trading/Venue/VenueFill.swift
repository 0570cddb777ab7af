// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One execution as a venue tells it.
public struct VenueFill: Sendable, Hashable {
    /// The venue's own id of the execution; whoever has seen it has booked it.
    public let id: String
    /// The order, by the id that its sender chose; nil for a trade that somebody made by hand.
    public let order: OrderID?
    /// What was traded.
    public let instrument: InstrumentID
    /// The direction.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// The price.
    public let price: Price

    /// Creates an execution.
    public init(
        id: String,
        order: OrderID?,
        instrument: InstrumentID,
        side: Side,
        quantity: Quantity,
        price: Price
    ) {
        self.id = id
        self.order = order
        self.instrument = instrument
        self.side = side
        self.quantity = quantity
        self.price = price
    }

    /// The quantity, negative for a sale.
    public var signedQuantity: Decimal8 { side == .buy ? quantity.value : -quantity.value }
}
