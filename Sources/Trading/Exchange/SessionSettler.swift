// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The work of settling one session on a copy of the book.
struct SessionSettler {
    let configuration: ExchangeConfiguration
    let time: Instant
    let prices: [InstrumentID: SessionPrices]
    let state: TradingState
    /// The entries whose ideas have failed at the close.
    let invalidated: Set<OrderID>
    /// What holds for each contract that is traded or held.
    let contracts: [InstrumentID: ContractSession]
    var book: Book
    private(set) var events: [Event] = []
    private var madeOrders: [OrderID: PendingOrder] = [:]
    private var outcomes: [OrderID: Settlement.Outcome] = [:]
    /// Whether a margin call closes everything at this open.
    var isCalled: Bool
    /// The most that the account can be worth at any price of the session.
    private var reach = 0.0

    init(
        configuration: ExchangeConfiguration,
        book: Book,
        time: Instant,
        prices: [InstrumentID: SessionPrices],
        state: TradingState,
        invalidated: Set<OrderID> = [],
        contracts: [InstrumentID: ContractSession] = [:]
    ) {
        self.contracts = contracts
        isCalled = book.pending.values.contains { $0.order.purpose.reason == .marginCall }
        self.configuration = configuration
        self.book = book
        self.time = time
        self.prices = prices
        self.state = state
        self.invalidated = invalidated
    }

    /// Refuses prices that would overflow a sum, before anything is changed.
    mutating func checkRange() throws(TradingError) {
        let account = book.account
        reach = account.cash.value.magnitude.doubleValue
        for lot in account.sortedLots {
            let last = account.marks[lot.instrument] ?? lot.fill.price
            let highest =
                prices[lot.instrument].map { max($0.high, $0.settlement ?? last, last) } ?? last
            let size = lot.quantity.value.doubleValue * lot.terms.multiplier.doubleValue
            reach += highest.value.doubleValue * size
        }
        guard reach <= ExchangeConfiguration.largestAccount.doubleValue else {
            throw TradingError(
                .outOfRange,
                "settle \(time)",
                "the open lots would exceed \(ExchangeConfiguration.largestAccount); "
                    + "check the session's prices"
            )
        }
    }

    /// Closes every lot at its last price, after the session, and gives up the waiting orders.
    mutating func closeOut(_ reason: ExitReason) -> Settlement {
        for waiting in book.sortedPending { reject(waiting.order, .closingAll) }
        for lot in book.account.sortedLots {
            let last = book.account.marks[lot.instrument] ?? lot.fill.price
            leave(lot, at: lot.fillPrice(last, configuration.slippageRate), reason)
        }
        return settlement()
    }

    mutating func settle(closeAll: Control?) throws(TradingError) -> Settlement {
        for (instrument, session) in contracts { book.account.hold(instrument, by: session.terms) }
        settleDaysBefore()
        for lot in book.account.sortedLots {
            guard let open = prices[lot.instrument]?.open else { continue }
            book.account.mark(lot.instrument, at: open)
        }
        if let closeAll { makeExits(for: closeAll) }
        for waiting in book.sortedPending where waiting.stamp.time < time {
            fillAtOpen(waiting, isClosingAll: closeAll != nil)
        }
        for lot in book.account.sortedLots { holdThroughSession(lot) }
        try liquidate()
        for (instrument, session) in prices.sorted(by: { $0.key < $1.key }) {
            book.account.mark(instrument, at: session.close)
        }
        try fund()
        settleDaysThatAreOver()
        book.settledThrough = time
        return settlement()
    }

    private mutating func settlement() -> Settlement {
        let equity = book.account.closeSession(at: time)
        return Settlement(
            time: time,
            book: book,
            events: events,
            madeOrders: madeOrders.values.sorted { $0.order.id < $1.order.id },
            outcomes: outcomes,
            equity: equity
        )
    }

    private mutating func makeExits(for closeAll: Control) {
        for lot in book.account.sortedLots {
            wait(Order(closing: lot, .closeAll, at: closeAll.stamp.time), since: closeAll.stamp)
        }
    }

    /// Lets an order of the exchange's own wait, unless the same one waits already.
    mutating func wait(_ order: Order, since stamp: Stamp) {
        guard book.pending[order.id] == nil else { return }
        let waiting = PendingOrder(order: order, stamp: stamp)
        book.pending[order.id] = waiting
        madeOrders[order.id] = waiting
        outcomes[order.id] = .waiting(sessions: 0)
    }

    // MARK: At the open

    private mutating func fillAtOpen(_ waiting: PendingOrder, isClosingAll: Bool) {
        let order = waiting.order
        if order.isEntry, let refusal = entryRefusal(isClosingAll: isClosingAll) {
            reject(order, refusal)
            return
        }
        if case .exit(let entry, _) = order.purpose, book.account.lots[entry] == nil {
            reject(order, .lotClosed)
            return
        }
        guard let session = prices[order.instrument] else {
            waitOn(waiting, .noPrice)
            return
        }
        guard !session.isLocked(against: order.side) else {
            add(.pendingAtLimit(order.id))
            waitOn(waiting, .lockedAtLimit)
            return
        }
        let price = terms(of: order.instrument).fillPrice(
            session.open,
            order.side,
            slippage: configuration.slippageRate,
            limits: session.limits
        )
        switch order.purpose {
        case .entry(let plan): enter(order, plan, at: price, in: session)
        case .exit(let entry, let reason):
            // A stop that a lock has carried over is reached in this session, like any other.
            if reason == .stop { book.account.countSession(of: entry) }
            close(entry, by: order, at: price, reason)
        }
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
        book.pending[order.id] = nil
        outcomes[order.id] = .expired(cause)
        add(.orderExpired(order.id, cause))
    }

    private mutating func enter(
        _ order: Order,
        _ plan: ExitPlan,
        at price: Price,
        in session: SessionPrices
    ) {
        guard plan.allows(session.open, for: order.side) else {
            reject(order, .planBroken)
            return
        }
        if let limit = order.limit, order.side == .buy ? price > limit : price < limit {
            reject(order, .beyondLimit)
            return
        }
        let terms = terms(of: order.instrument)
        let highest = max(session.high, price)
        let most =
            highest.value.doubleValue * order.quantity.value.doubleValue
            * terms.multiplier.doubleValue
        guard most <= Money.largestNotional.doubleValue,
            reach + most <= ExchangeConfiguration.largestAccount.doubleValue
        else {
            reject(order, .tooLarge)
            return
        }
        let lots = FilledLots(opening: order.quantity.value)
        let fill = makeFill(order, entry: order.id, at: price, lots, terms)
        let isBorne = configuration.lendsCash || fill.bound(by: terms) <= book.account.freeCash
        guard isBorne, let lot = Lot(order: order, fill: fill, sessionsHeld: 0, terms: terms)
        else {
            reject(order, terms.contract == nil ? .insufficientCash : .insufficientMargin)
            return
        }
        reach += most
        book.account.open(lot)
        book.account.mark(order.instrument, at: session.open)
        finish(fill)
    }

    // MARK: Results

    /// Closes a lot within the session, by an order of the exchange's own.
    mutating func leave(_ lot: Lot, at price: Price, _ reason: ExitReason) {
        let order = Order(closing: lot, reason, at: time)
        madeOrders[order.id] = PendingOrder(order: order, stamp: Stamp(time: time, round: 0))
        close(lot.entry, by: order, at: price, reason)
    }

    private mutating func close(
        _ entry: OrderID,
        by order: Order,
        at price: Price,
        _ reason: ExitReason
    ) {
        guard let lot = book.account.lots[entry] else { return }
        // Slippage on top of the range that was checked stays within the number format's reserve.
        let fill = makeFill(order, entry: entry, at: price, book.account.closing(lot), lot.terms)
        finish(fill)
        if let trade = book.account.close(fill, reason) { add(.lotClosed(trade)) }
    }

    private func makeFill(
        _ order: Order,
        entry: OrderID,
        at price: Price,
        _ lots: FilledLots,
        _ terms: ContractTerms
    ) -> Fill {
        Fill(
            order: order.id,
            entry: entry,
            instrument: order.instrument,
            side: order.side,
            quantity: order.quantity,
            price: price,
            notional: terms.worth(order.quantity.value, at: price),
            fee: terms.fee(lots, at: price),
            time: time
        )
    }

    /// What an instrument is and costs in this session.
    private func terms(of instrument: InstrumentID) -> ContractTerms {
        contracts[instrument]?.terms ?? configuration.terms(of: instrument)
    }

    private mutating func finish(_ fill: Fill) {
        book.pending[fill.order] = nil
        outcomes[fill.order] = .filled
        add(.orderFilled(fill))
    }

    private mutating func reject(_ order: Order, _ rejection: Rejection) {
        book.pending[order.id] = nil
        outcomes[order.id] = .rejected(rejection)
        add(.orderRejected(order.id, rejection))
    }

    /// Notes what happened, in this session unless in the one before.
    mutating func add(_ kind: Event.Kind, at earlier: Instant? = nil) {
        let event = Event(sequence: book.nextSequence, time: earlier ?? time, kind: kind)
        events.append(event)
        book.nextSequence += 1
    }
}
