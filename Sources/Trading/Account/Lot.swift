// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one entry opened and nothing has closed yet.
public struct Lot: Sendable, Hashable {
    /// The order that opened it.
    public let order: Order
    /// The plan by which it will be left.
    public let plan: ExitPlan
    /// The execution that opened it.
    public let fill: Fill
    /// The sessions with a price since the entry, the entry's included.
    public internal(set) var sessionsHeld: Int
    /// What the instrument is and how it is held.
    public internal(set) var terms: ContractTerms
    /// What a lot on margin was worth when its gains last went to the cash, negative when sold
    /// short; zero for one that is paid in full.
    public internal(set) var basis: Money
    /// What it was paid for funding, negative when it paid.
    public internal(set) var funding: Money = .zero
    /// The session at whose end its gains last went to the cash; nil before the first settlement.
    var settled: Instant?

    /// Puts a lot together from its order and fill; nil when the order is no entry or not that of
    /// the fill.
    public init?(
        order: Order,
        fill: Fill,
        sessionsHeld: Int,
        terms: ContractTerms = ContractTerms(fee: .none)
    ) {
        guard case .entry(let plan) = order.purpose, fill.order == order.id else { return nil }
        self.order = order
        self.plan = plan
        self.fill = fill
        self.sessionsHeld = sessionsHeld
        self.terms = terms
        let worth = terms.worth(fill.quantity.value, at: fill.price)
        basis = terms.contract == nil ? .zero : order.side == .buy ? worth : -worth
    }

    /// The id of the entry, which is also the lot's.
    public var entry: OrderID { order.id }
    /// What is held.
    public var instrument: InstrumentID { order.instrument }
    /// The direction of the entry.
    public var side: Side { order.side }
    /// How much is held: what was filled of the order.
    public var quantity: Quantity { fill.quantity }

    /// Whether it is held on margin.
    public var isMargined: Bool { terms.contract != nil }

    /// The price at which the loss is taken; nil for none.
    public var stop: Price? {
        plan.stop(of: fill.price, side).map { terms.level($0, leaving: side) }
    }
    /// The price at which the gain is taken; nil for none.
    public var target: Price? {
        plan.target(of: fill.price, side).map { terms.level($0, leaving: side) }
    }

    /// The quantity, negative when sold short.
    public var signedQuantity: Decimal8 {
        side == .buy ? quantity.value : -quantity.value
    }

    /// What the lot is worth at a price, negative when sold short.
    func worth(at price: Price) -> Money {
        let worth = terms.worth(quantity.value, at: price)
        return side == .buy ? worth : -worth
    }

    /// The trade that a closing fill makes of the lot.
    func trade(closedBy exit: Fill, _ reason: ExitReason) -> Trade {
        Trade(
            entry: entry,
            exit: exit.order,
            instrument: instrument,
            side: side,
            quantity: quantity,
            entryPrice: fill.price,
            exitPrice: exit.price,
            opened: fill.time,
            closed: exit.time,
            sessionsHeld: sessionsHeld,
            profit: fill.cashChange + exit.cashChange + funding,
            fees: fill.fee + exit.fee,
            reason: reason,
            strategy: order.strategy,
            signal: order.signal
        )
    }
}
