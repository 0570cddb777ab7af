// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What the controls have to know of an order.
public struct OrderRequest: Sendable, Hashable {
    /// What an order is for.
    public enum Purpose: Sendable, Hashable {
        /// It takes on risk, with the levels at which it will be left.
        case entry(stop: Price?, target: Price?)
        /// It closes what this entry opened, or a part of it.
        case exit(of: OrderID)
    }

    /// The id of the order.
    public let id: OrderID
    /// The signal that asks.
    public let signal: String
    /// The strategy behind it.
    public let strategy: String
    /// What is traded.
    public let instrument: InstrumentID
    /// The direction.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// What it is for.
    public let purpose: Purpose
    /// The most sessions for which an entry is held; nil for no limit.
    public let holdLimit: Int?
    /// The condition under which an entry's idea has failed; nil for none.
    public let invalidIf: String?
    /// The limit or the trigger of an order that has one.
    public let price: Price?
    /// When it was asked.
    public let asked: Instant

    /// Creates a request.
    public init(
        id: OrderID,
        signal: String,
        strategy: String,
        instrument: InstrumentID,
        side: Side,
        quantity: Quantity,
        purpose: Purpose,
        holdLimit: Int? = nil,
        invalidIf: String? = nil,
        price: Price? = nil,
        asked: Instant
    ) {
        self.id = id
        self.signal = signal
        self.strategy = strategy
        self.instrument = instrument
        self.side = side
        self.quantity = quantity
        self.purpose = purpose
        self.holdLimit = holdLimit
        self.invalidIf = invalidIf
        self.price = price
        self.asked = asked
    }

    /// Takes what matters from an order.
    public init(_ order: Order) {
        let purpose: Purpose
        var plan: ExitPlan?
        switch order.purpose {
        case .entry(let entryPlan):
            purpose = .entry(stop: entryPlan.stop, target: entryPlan.target)
            plan = entryPlan
        case .exit(let entry, _): purpose = .exit(of: entry)
        }
        self.init(
            id: order.id,
            signal: order.signal,
            strategy: order.strategy,
            instrument: order.instrument,
            side: order.side,
            quantity: order.quantity,
            purpose: purpose,
            holdLimit: plan?.holdLimit,
            invalidIf: plan?.invalidIf,
            price: order.limit,
            asked: order.asked
        )
    }
}
