// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

/// Short makers of an exchange with contracts, whose sessions end at 15:00 in Shanghai.
enum ContractSamples {
    static func book(
        _ codes: [String],
        leverage: Int = 1,
        premium: String = "0"
    ) throws -> ContractBook {
        try ContractBook(
            codes,
            holding: .init(leverage: leverage, premium: Samples.decimal(premium))
        )
    }

    static func exchange(
        _ codes: String...,
        capital: String = "1000000",
        leverage: Int = 1,
        premium: String = "0",
        slippage: String = "0"
    ) throws -> PaperExchange {
        PaperExchange(
            configuration: try ExchangeConfiguration(
                capital: Samples.money(capital),
                feeRate: Samples.decimal("0.001"),
                slippageRate: Samples.decimal(slippage),
                allowsShortSales: true,
                contracts: book(codes, leverage: leverage, premium: premium)
            )
        )
    }

    /// An instant such as `2024-12-18T15:00` by the clock of Shanghai.
    static func shanghai(_ text: String) throws -> Instant {
        try #require(Instant("\(text):00+08:00"))
    }

    static func entry(
        _ id: String,
        _ side: Side = .buy,
        _ quantity: String = "2",
        code: String = "rb2505",
        asked: Instant,
        stop: String? = nil,
        target: String? = nil
    ) throws -> Order {
        try Order(
            id: OrderID(id),
            instrument: InstrumentID(code),
            side: side,
            quantity: Quantity(Samples.decimal(quantity)),
            purpose: .entry(Samples.plan(stop: stop, target: target, hold: 1000)),
            asked: asked,
            signal: "signal-\(id)",
            strategy: "trend"
        )
    }

    static func exit(
        _ id: String,
        of entry: String,
        _ side: Side = .sell,
        _ quantity: String = "2",
        code: String = "rb2505",
        asked: Instant
    ) throws -> Order {
        try Order(
            id: OrderID(id),
            instrument: InstrumentID(code),
            side: side,
            quantity: Quantity(Samples.decimal(quantity)),
            purpose: .exit(of: OrderID(entry), .exit),
            asked: asked,
            signal: "signal-\(id)",
            strategy: "trend"
        )
    }

    static func flat(_ price: String, code: String = "rb2505") throws
        -> [InstrumentID: SessionPrices]
    {
        try Samples.session(price, price, price, price, instrument: code)
    }
}

extension PaperExchange {
    /// Submits an order in the first round of the instant at which it was asked.
    mutating func ask(_ order: Order) -> Acknowledgement {
        submit(order, at: Stamp(time: order.asked, round: 1))
    }

    /// The same exchange, rebuilt from what a ledger would hold of it.
    func restored() throws -> PaperExchange {
        var record = ExchangeRecord()
        record.submissions = submissions.values.sorted { $0.order.id < $1.order.id }
        record.pending = book.sortedPending
        record.controls = controls
        record.events = events
        record.equityPoints = equityCurve()
        for lot in book.account.sortedLots { record.sessionsHeld[lot.entry] = lot.sessionsHeld }
        record.marks = book.account.marks
        return try PaperExchange(configuration: configuration, restoring: record)
    }
}

extension [Event] {
    /// Each event in short: fills as `order side quantity@price fee`, settlements, funding, calls.
    var told: [String] {
        map { event in
            switch event.kind {
            case .orderFilled(let fill):
                "\(fill.order) \(fill.side.rawValue) \(fill.quantity)@\(fill.price) \(fill.fee)"
            case .orderRejected(let id, let reason), .orderExpired(let id, let reason),
                .restEnded(let id, let reason):
                "\(id): \(reason.rawValue)"
            case .lotClosed(let trade): "\(trade.entry) made \(trade.profit)"
            case .pendingAtLimit(let order): "\(order) is pending at the limit"
            case .daySettled(let instrument, let price, let gain):
                "\(instrument) settled at \(price): \(gain)"
            case .lotFunded(let entry, let amount): "\(entry) funded \(amount)"
            case .marginCalled(let missing): "\(missing) missing"
            }
        }
    }
}
