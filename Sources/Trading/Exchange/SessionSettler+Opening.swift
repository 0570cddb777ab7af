// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What an open does to the orders that wait for it.
extension SessionSettler {
    mutating func fillAtOpen(_ waiting: PendingOrder, isClosingAll: Bool) {
        let order = waiting.order
        if order.isEntry, let refusal = entryRefusal(isClosingAll: isClosingAll) {
            reject(order, refusal)
            return
        }
        if case .exit(let entry, let reason) = order.purpose {
            guard book.account.lots[entry] != nil else { return reject(order, .lotClosed) }
            // The rest of a target waits for its price.
            if reason == .target { return }
        }
        guard let session = prices[order.instrument] else {
            if waiting.isAtMarket { waitOn(waiting, .noPrice) }
            return
        }
        guard waiting.isAtMarket else { return waitOn(waiting, .noPrice) }
        guard !session.isLocked(against: order.side) else {
            add(.pendingAtLimit(order.id))
            return waitOn(waiting, .lockedAtLimit)
        }
        if let limit = limit(of: order), session.resting(order.side, at: limit)?.isAtOpen != true {
            return resting.append(order)
        }
        let isFilled =
            switch order.purpose {
            case .entry(let plan): enter(order, plan, at: session.open, in: session)
            case .exit(let entry, let reason):
                close(entry, by: order, at: session.open, reason, isAtOpen: true)
            }
        if !isFilled { waitOn(waiting, .thinMarket) }
    }

    /// Fills an entry that rests at its limit where the session gets there.
    mutating func fillWithin(_ order: Order) {
        guard case .entry(let plan) = order.purpose, let limit = limit(of: order),
            let session = prices[order.instrument]
        else { return }
        guard let place = session.resting(order.side, at: limit) else {
            return expire(order, .beyondLimit)
        }
        let isDone = enter(order, plan, at: place.price, in: session)
        if book.account.lots[order.id] != nil { enteredWithin.insert(order.id) }
        if !isDone { expire(order, .thinMarket) }
    }

    /// The worst price of an entry as the venue takes it.
    private func limit(of order: Order) -> Price? {
        order.limit.map { terms(of: order.instrument).level($0, leaving: order.side) }
    }

    private func entryRefusal(isClosingAll: Bool) -> Rejection? {
        switch state {
        case .halted: .halted
        case .reducing: .reducing
        case .active: isClosingAll ? .closingAll : isCalled ? .marginCall : nil
        }
    }

    /// Keeps an order for the next session: an exit always, an entry only up to the limit of
    /// waiting, and one at a price of its own only until it was at the market for a session.
    private mutating func waitOn(_ waiting: PendingOrder, _ cause: Rejection) {
        let order = waiting.order
        let sessions = waiting.sessionsWaited + 1
        let isOver =
            sessions >= configuration.waitingLimit || order.limit != nil && cause != .noPrice
        guard order.isEntry, isOver else {
            book.pending[order.id]?.sessionsWaited = sessions
            outcomes[order.id] = .waiting(sessions: sessions)
            return
        }
        expire(order, cause)
    }

    private mutating func expire(_ order: Order, _ cause: Rejection) {
        drop(order, .expired(cause), .orderExpired(order.id, cause), cause)
    }

    /// Fills an entry, or what is left of it, as far as the session has room for it; whether
    /// nothing of it waits on.
    private mutating func enter(
        _ order: Order,
        _ plan: ExitPlan,
        at market: Price,
        in session: SessionPrices
    ) -> Bool {
        func refuse(_ rejection: Rejection) -> Bool {
            reject(order, rejection)
            return true
        }
        guard plan.allows(market, for: order.side) else { return refuse(.planBroken) }
        let terms = terms(of: order.instrument)
        let held = book.account.lots[order.id]
        let wanted = held.map(\.unfilled) ?? order.quantity
        guard let wanted, let part = available(wanted, of: order.instrument) else { return false }
        var price = terms.fillPrice(
            market,
            order.side,
            slippage: slippage(of: part, order.instrument),
            limits: session.limits
        )
        if let limit = limit(of: order) {
            price = order.side == .buy ? min(price, limit) : max(price, limit)
        }
        let highest = max(session.high, price)
        let most =
            highest.value.doubleValue * part.value.doubleValue * terms.multiplier.doubleValue
        guard most <= Money.largestNotional.doubleValue,
            reach + most <= ExchangeConfiguration.largestAccount.doubleValue
        else { return refuse(.tooLarge) }
        let lots = FilledLots(opening: part.value)
        let fill = makeFill(order, entry: order.id, part, at: price, lots, terms)
        let isBorne = configuration.lendsCash || fill.bound(by: terms) <= book.account.freeCash
        guard isBorne, let lot = Lot(order: order, fill: fill, sessionsHeld: 0, terms: terms)
        else {
            return refuse(terms.contract == nil ? .insufficientCash : .insufficientMargin)
        }
        reach += most
        if held == nil { book.account.open(lot) } else { book.account.grow(order.id, by: fill) }
        book.account.mark(order.instrument, at: session.open)
        return take(fill, isWhole: part == wanted)
    }
}
