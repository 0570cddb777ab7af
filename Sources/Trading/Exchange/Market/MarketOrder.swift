// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An order for a market on paper.
public struct MarketOrder: Sendable, Hashable {
    /// When it is filled.
    public enum Kind: Sendable, Hashable {
        /// At the next open.
        case market
        /// At a price or a better one.
        case limit(Price)
        /// As a market order, once the price has reached this one.
        case stop(Price)
    }

    /// The exits that belong to an entry: when one of them is filled, the other is taken back.
    public struct Bracket: Sendable, Hashable {
        /// Where the loss is taken.
        public let stop: Price
        /// Where the gain is taken; nil for none.
        public let target: Price?

        /// Creates a pair.
        public init(stop: Price, target: Price?) {
            self.stop = stop
            self.target = target
        }
    }

    /// The id that the sender chose.
    public let id: OrderID
    /// What is traded.
    public let instrument: InstrumentID
    /// The direction.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// When it is filled.
    public let kind: Kind
    /// Whether it never opens or turns a position.
    public let reducesOnly: Bool
    /// The exits that come with it; nil for none.
    public let bracket: Bracket?
    /// Whether it closes lots of the same trading day only, where the exchange asks.
    public let closesToday: Bool

    /// Checks an order.
    /// - Throws: A ``TradingError`` with code `invalidPlan` when stop and target lie on the wrong
    ///   sides of one another, or an order that only reduces comes with exits.
    public init(
        id: OrderID,
        instrument: InstrumentID,
        side: Side,
        quantity: Quantity,
        kind: Kind = .market,
        reducesOnly: Bool = false,
        bracket: Bracket? = nil,
        closesToday: Bool = false
    ) throws(TradingError) {
        if let bracket {
            let isRight =
                bracket.target.map { target in
                    side == .buy ? bracket.stop < target : bracket.stop > target
                } ?? true
            guard isRight, !reducesOnly else {
                throw TradingError(
                    .invalidPlan,
                    "make order \(id)",
                    "the stop lies on the losing side of the target, and an order that only "
                        + "reduces has neither"
                )
            }
        }
        self.id = id
        self.instrument = instrument
        self.side = side
        self.quantity = quantity
        self.kind = kind
        self.reducesOnly = reducesOnly || closesToday
        self.bracket = bracket
        self.closesToday = closesToday
    }
}
