// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An order as it goes to a venue.
public struct VenueOrder: Sendable, Hashable {
    /// What kind of order it is.
    public enum Kind: Sendable, Hashable {
        /// Filled at whatever price there is.
        case market
        /// Filled at this price or a better one.
        case limit(Price)
        /// Filled once the price reaches the trigger.
        case stop(Price)
    }

    /// The id that we chose; the venue tells orders apart by it, as long as it remembers.
    public let id: OrderID
    /// The entry that it opens or protects; the order itself for an entry.
    public let entry: OrderID
    /// What is traded.
    public let instrument: InstrumentID
    /// The direction.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// What kind of order it is.
    public let kind: Kind
    /// Whether the venue has to refuse what would open or turn a position.
    public let reducesOnly: Bool

    /// Creates an order.
    public init(
        id: OrderID,
        entry: OrderID,
        instrument: InstrumentID,
        side: Side,
        quantity: Quantity,
        kind: Kind,
        reducesOnly: Bool
    ) {
        self.id = id
        self.entry = entry
        self.instrument = instrument
        self.side = side
        self.quantity = quantity
        self.kind = kind
        self.reducesOnly = reducesOnly
    }

    /// Whether the order takes on risk.
    public var isEntry: Bool { id == entry }
}
