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
            waitOn(waiting, .lockedAtLimit)
            return
        }
        let isFilled =
            switch order.purpose {
            case .entry(let plan): enter(order, plan, in: session)
            case .exit(let entry, let reason):
                close(entry, by: order, at: session.open, reason, isAtOpen: true)
            }
        if !isFilled { waitOn(waiting, .thinMarket) }
    }

    private func entryRefusal(isClosingAll: Bool) -> Rejection? {
        switch state {
        case .halted: .halted
        case .reducing: .reducing
        case .active: isClosingAll ? .closingAll : isCalled ? .marginCall : nil
        }
    }

    /// Keeps an order for the next session; an entry only up to the limit, an exit always.
    private mutating func waitOn(_ waiting: PendingOrder, _ cause: Rejection) {
        let order = waiting.order
        let sessions = waiting.sessionsWaited + 1
        guard order.isEntry, sessions >= configuration.waitingLimit else {
            book.pending[order.id]?.sessionsWaited = sessions
            outcomes[order.id] = .waiting(sessions: sessions)
            return
        }
        drop(order, .expired(cause), .orderExpired(order.id, cause), cause)
    }

    /// Fills an entry, or what is left of it, as far as the session has room for it; whether
    /// nothing of it waits on.
    private mutating func enter(
        _ order: Order,
        _ plan: ExitPlan,
        in session: SessionPrices
    ) -> Bool {
        func refuse(_ rejection: Rejection) -> Bool {
            reject(order, rejection)
            return true
        }
        guard plan.allows(session.open, for: order.side) else { return refuse(.planBroken) }
        let terms = terms(of: order.instrument)
        let held = book.account.lots[order.id]
        let wanted = held.map(\.unfilled) ?? order.quantity
        guard let wanted, let part = available(wanted, of: order.instrument) else { return false }
        let price = terms.fillPrice(
            session.open,
            order.side,
            slippage: slippage(of: part, order.instrument),
            limits: session.limits
        )
        if let limit = order.limit, order.side == .buy ? price > limit : price < limit {
            return refuse(.beyondLimit)
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
