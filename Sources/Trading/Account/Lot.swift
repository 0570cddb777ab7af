// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one entry opened and nothing has closed yet.
public struct Lot: Sendable, Hashable {
    /// The order that opened it.
    public let order: Order
    /// The plan by which it will be left.
    public let plan: ExitPlan
    /// What opened it, in one fill or more; its time is that of the first.
    public private(set) var fill: Fill
    /// How much is held: what was filled of the order, less what was closed of it.
    public private(set) var quantity: Quantity
    /// What closed parts of it; nil while all that was filled is held.
    private(set) var closed: Fill?
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
        quantity = fill.quantity
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

    /// What is still to be filled of the order; nil when nothing is.
    var unfilled: Quantity? {
        // Nothing left is no quantity.
        try? Quantity(order.quantity.value - fill.quantity.value)
    }

    /// Takes in a further part of the entry.
    mutating func grow(by part: Fill) {
        if isMargined { basis += side == .buy ? part.notional : -part.notional }
        fill = fill.adding(part, multiplier: terms.multiplier, at: fill.time)
        // What is held is no more than what was ordered, and so a quantity.
        if let all = try? Quantity(quantity.value + part.quantity.value) { quantity = all }
    }

    /// Takes in a fill that closes a part of the lot, or all that is left.
    /// - Returns: Its share of the basis, and whether anything is left.
    mutating func shrink(by part: Fill) -> (basis: Money, isLeft: Bool) {
        closed = closed?.adding(part, multiplier: terms.multiplier, at: part.time) ?? part
        // Nothing left is no quantity.
        guard let rest = try? Quantity(quantity.value - part.quantity.value) else {
            return (basis, false)
        }
        let released = basis.share(part.quantity.value, of: quantity.value)
        basis = basis - released
        quantity = rest
        return (released, true)
    }

    /// The trade that closed the lot; nil while nothing was closed.
    func trade(_ reason: ExitReason) -> Trade? {
        guard let exit = closed else { return nil }
        return Trade(
            entry: entry,
            exit: exit.order,
            instrument: instrument,
            side: side,
            quantity: fill.quantity,
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
