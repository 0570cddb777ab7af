// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

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
    var outcomes: [OrderID: Settlement.Outcome] = [:]
    /// Whether a margin call closes everything at this open.
    var isCalled: Bool
    /// The most that the account can be worth at any price of the session.
    var reach = 0.0
    /// What is left of the session's volumes for one's own fills.
    private var room: [InstrumentID: Decimal8] = [:]
    /// The entries whose lots an order at the market leaves from this open on.
    private(set) var leavingNow: Set<OrderID> = []
    /// The entries that the open did not fill and that rest at their limits.
    var resting: [Order] = []
    /// The lots that were opened within the session.
    var enteredWithin: Set<OrderID> = []

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
            leave(lot, at: book.account.marks[lot.instrument] ?? lot.fill.price, reason)
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
        for entry in Set(book.pending.values.compactMap(\.leaving)).sorted() {
            takeBackRest(of: entry)
        }
        leavingNow = Set(book.pending.values.filter(\.isAtMarket).compactMap(\.leaving))
        for waiting in book.sortedPending where waiting.stamp.time < time {
            fillAtOpen(waiting, isClosingAll: closeAll != nil)
        }
        for order in resting { fillWithin(order) }
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
    mutating func wait(_ order: Order, since stamp: Stamp, delay: Int = 0) {
        guard book.pending[order.id] == nil else { return }
        let waiting = PendingOrder(order: order, stamp: stamp, sessionsWaited: -delay)
        book.pending[order.id] = waiting
        madeOrders[order.id] = waiting
        outcomes[order.id] = .waiting(sessions: waiting.sessionsWaited)
    }

    // MARK: The volume

    /// As much of a quantity as the session still has room for; nil for nothing.
    func available(_ quantity: Quantity, of instrument: InstrumentID) -> Quantity? {
        // No room is no quantity.
        try? Quantity(min(quantity.value, room(of: instrument)))
    }

    private func room(of instrument: InstrumentID) -> Decimal8 {
        room[instrument]
            ?? Decimal8(
                rounding: configuration.execution.room(
                    in: prices[instrument]?.volume ?? 0,
                    lot: terms(of: instrument).lot.doubleValue
                )
            ) ?? Quantity.largest
    }

    /// The share of the price by which a fill of so much is worse.
    func slippage(of quantity: Quantity, _ instrument: InstrumentID) -> Decimal8 {
        let rate = configuration.execution.slippage(
            configuration.slippageRate.doubleValue,
            units: quantity.value.doubleValue,
            of: prices[instrument]?.volume ?? 0
        )
        return Decimal8(rounding: rate) ?? configuration.slippageRate
    }

    // MARK: Results

    /// Closes a lot within the session, by an order of the exchange's own, as far as there is room.
    mutating func leave(_ lot: Lot, at market: Price, _ reason: ExitReason, slips: Bool = true) {
        guard reason.isForced || available(lot.quantity, of: lot.instrument) != nil else { return }
        let id = OrderID(exitOf: lot.entry, reason)
        let order = book.pending[id]?.order ?? Order(closing: lot, reason, at: time)
        wait(order, since: Stamp(time: time, round: 0))
        _ = close(lot.entry, by: order, at: market, reason, slips: slips)
    }

    /// Closes a lot as far as there is room; whether nothing of it is left.
    mutating func close(
        _ entry: OrderID,
        by order: Order,
        at market: Price,
        _ reason: ExitReason,
        slips: Bool = true,
        isAtOpen: Bool = false
    ) -> Bool {
        guard let lot = book.account.lots[entry] else { return true }
        let isForced = reason.isForced
        let part = isForced ? lot.quantity : available(lot.quantity, of: lot.instrument)
        guard let part else { return false }
        let isWhole = part == lot.quantity
        // A stop that is carried over to an open is reached in that session, like any other.
        if isAtOpen, isWhole, reason == .stop { book.account.countSession(of: entry) }
        let rate = isForced ? configuration.slippageRate : slippage(of: part, lot.instrument)
        let price = lot.fillPrice(
            market,
            slips ? rate : nil,
            limits: prices[lot.instrument]?.limits ?? PriceLimits()
        )
        // Slippage on top of the range that was checked stays within the number format's reserve.
        let closing = book.account.closing(lot, part)
        let fill = makeFill(order, entry: entry, part, at: price, closing, lot.terms)
        if isWhole { takeBackRest(of: entry) }
        let isDone = take(fill, isWhole: isWhole)
        if let trade = book.account.close(fill, reason) { add(.lotClosed(trade)) }
        return isDone
    }

    /// Takes back what is left of an entry, since its lot is left.
    mutating func takeBackRest(of entry: OrderID) {
        if let rest = book.pending[entry] { reject(rest.order, .leaving) }
    }

    func makeFill(
        _ order: Order,
        entry: OrderID,
        _ quantity: Quantity,
        at price: Price,
        _ lots: FilledLots,
        _ terms: ContractTerms
    ) -> Fill {
        Fill(
            order: order.id,
            entry: entry,
            instrument: order.instrument,
            side: order.side,
            quantity: quantity,
            price: price,
            notional: terms.worth(quantity.value, at: price),
            fee: terms.fee(lots, at: price),
            time: time
        )
    }

    /// What an instrument is and costs in this session.
    func terms(of instrument: InstrumentID) -> ContractTerms {
        contracts[instrument]?.terms ?? configuration.terms(of: instrument)
    }

    /// Notes a fill, and whether it ends its order.
    mutating func take(_ fill: Fill, isWhole: Bool) -> Bool {
        if configuration.execution.volumeShare != nil {
            room[fill.instrument] = max(.zero, room(of: fill.instrument) - fill.quantity.value)
        }
        add(.orderFilled(fill))
        guard isWhole else {
            book.pending[fill.order]?.isInPart = true
            return false
        }
        book.pending[fill.order] = nil
        outcomes[fill.order] = .filled
        return true
    }

    mutating func reject(_ order: Order, _ rejection: Rejection) {
        drop(order, .rejected(rejection), .orderRejected(order.id, rejection), rejection)
    }

    /// Ends an order of which nothing was filled as it says, and gives up the rest of another one.
    mutating func drop(
        _ order: Order,
        _ outcome: Settlement.Outcome,
        _ event: Event.Kind,
        _ cause: Rejection
    ) {
        let isInPart = book.pending.removeValue(forKey: order.id)?.isInPart == true
        outcomes[order.id] = isInPart ? .filledInPart(cause) : outcome
        add(isInPart ? .restEnded(order.id, cause) : event)
    }

    /// Notes what happened, in this session unless in the one before.
    mutating func add(_ kind: Event.Kind, at earlier: Instant? = nil) {
        let event = Event(sequence: book.nextSequence, time: earlier ?? time, kind: kind)
        events.append(event)
        book.nextSequence += 1
    }
}
