// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The work of settling one session whose fills are those of a venue, on a copy of the book.
///
/// A lot is opened when its entry has come to its end, with the average price of what was filled,
/// and closed when nothing of it is held any more. Nothing is filled here.
struct VenueSettler {
    let configuration: ExchangeConfiguration
    let time: Instant
    let prices: [InstrumentID: SessionPrices]
    private(set) var book: Book
    private var events: [Event] = []
    private var madeOrders: [PendingOrder] = []
    private var outcomes: [OrderID: Settlement.Outcome] = [:]

    init(
        configuration: ExchangeConfiguration,
        book: Book,
        time: Instant,
        prices: [InstrumentID: SessionPrices]
    ) {
        self.configuration = configuration
        self.book = book
        self.time = time
        self.prices = prices
    }

    mutating func settle(_ found: [VenueOutcome]) throws(TradingError) -> Settlement {
        let found = found.sorted { $0.entry < $1.entry }
        try checkRange(found)
        for outcome in found where outcome.isEnded { try open(outcome) }
        for lot in book.account.sortedLots where prices[lot.instrument] != nil {
            book.account.countSession(of: lot.entry)
        }
        for outcome in found where outcome.isEnded { try close(outcome) }
        for (instrument, session) in prices.sorted(by: { $0.key < $1.key }) {
            book.account.mark(instrument, at: session.close)
        }
        book.settledThrough = time
        return Settlement(
            time: time,
            book: book,
            events: events,
            madeOrders: madeOrders,
            outcomes: outcomes,
            equity: book.account.closeSession(at: time)
        )
    }

    private mutating func open(_ outcome: VenueOutcome) throws(TradingError) {
        guard let waiting = book.pending[outcome.entry] else { return }
        let order = waiting.order
        guard !outcome.opened.isEmpty else { return reject(order.id, .notFilled) }
        let fill = try fill(order, entry: order.id, outcome.opened)
        let terms = configuration.terms(of: order.instrument)
        guard let lot = Lot(order: order, fill: fill, sessionsHeld: 0, terms: terms)
        else { throw Self.inconsistent("\(order.id) is no entry") }
        book.account.open(lot)
        finish(fill)
    }

    private mutating func close(_ outcome: VenueOutcome) throws(TradingError) {
        guard outcome.held == .zero, let lot = book.account.lots[outcome.entry] else { return }
        let asked = book.sortedPending.map(\.order).filter { order in
            if case .exit(let entry, _) = order.purpose { entry == lot.entry } else { false }
        }
        var order = Order(closing: lot, outcome.reason, at: time)
        if outcome.reason == .exit, let first = asked.first {
            order = first
        } else {
            madeOrders.append(
                PendingOrder(order: order, stamp: Stamp(time: time, round: 0))
            )
        }
        let fill = try fill(order, entry: lot.entry, outcome.closed)
        finish(fill)
        if let trade = book.account.close(fill, outcome.reason) { add(.lotClosed(trade)) }
        for late in asked where late.id != order.id { reject(late.id, .lotClosed) }
    }

    /// One fill out of several executions: the worth is their exact sum, the price their average.
    private func fill(
        _ order: Order,
        entry: OrderID,
        _ parts: [VenueFill]
    ) throws(TradingError) -> Fill {
        let terms = configuration.terms(of: order.instrument)
        let lots = parts.reduce(Decimal8.zero) { $0 + $1.quantity.value }
        let quantity = try Quantity(lots)
        // Within the range that was checked.
        let worth = parts.reduce(Decimal8.zero) { $0 + $1.price.value * $1.quantity.value }
        let notional = Money(worth * terms.multiplier)
        return Fill(
            order: order.id,
            entry: entry,
            instrument: order.instrument,
            side: order.side,
            quantity: quantity,
            price: try Price(worth / lots),
            notional: notional,
            fee: terms.fee.amount(of: notional, lots: lots),
            time: time
        )
    }

    /// Refuses what would overflow a sum, before anything is changed.
    private func checkRange(_ found: [VenueOutcome]) throws(TradingError) {
        let account = book.account
        var reach = account.cash.value.magnitude.doubleValue
        for lot in account.sortedLots {
            let last = account.marks[lot.instrument] ?? lot.fill.price
            let highest = prices[lot.instrument].map { max($0.high, last) } ?? last
            reach += worth(lot.instrument, highest, lot.quantity)
        }
        for fill in found.flatMap({ $0.opened + $0.closed }) {
            let highest = prices[fill.instrument].map { max($0.high, fill.price) } ?? fill.price
            reach += worth(fill.instrument, highest, fill.quantity)
        }
        guard reach <= ExchangeConfiguration.largestAccount.doubleValue else {
            throw Self.inconsistent(
                "the account would exceed \(ExchangeConfiguration.largestAccount); check the "
                    + "session's prices"
            )
        }
    }

    private func worth(_ instrument: InstrumentID, _ price: Price, _ lots: Quantity) -> Double {
        price.value.doubleValue * lots.value.doubleValue
            * configuration.terms(of: instrument).multiplier.doubleValue
    }

    private mutating func finish(_ fill: Fill) {
        book.pending[fill.order] = nil
        outcomes[fill.order] = .filled
        add(.orderFilled(fill))
    }

    private mutating func reject(_ id: OrderID, _ rejection: Rejection) {
        book.pending[id] = nil
        outcomes[id] = .rejected(rejection)
        add(.orderRejected(id, rejection))
    }

    private mutating func add(_ kind: Event.Kind) {
        events.append(Event(sequence: book.nextSequence, time: time, kind: kind))
        book.nextSequence += 1
    }

    private static func inconsistent(_ reason: String) -> TradingError {
        TradingError(.outOfRange, "settle what the broker has filled", reason)
    }
}
