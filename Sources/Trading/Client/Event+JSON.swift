// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension Event {
    /// The event as it travels and as the ledger keeps it.
    public var json: JSON {
        let head: [JSON.Member] = [
            JSON.Member("sequence", .int(Int64(sequence))),
            JSON.Member("time", .quoted(time)),
            JSON.Member("kind", .string(name)),
        ]
        let rest: [JSON.Member] =
            switch kind {
            case .orderFilled(let fill): [JSON.Member("fill", fill.json)]
            case .lotClosed(let trade): [JSON.Member("trade", trade.json)]
            case .orderRejected(let order, let rejection), .orderExpired(let order, let rejection),
                .restEnded(let order, let rejection):
                [
                    JSON.Member("order", .quoted(order)),
                    JSON.Member("reason", .string(rejection.rawValue)),
                ]
            case .pendingAtLimit(let order): [JSON.Member("order", .quoted(order))]
            case .daySettled(let instrument, let price, let gain):
                [
                    JSON.Member("instrument", .quoted(instrument)),
                    JSON.Member("price", .quoted(price)), JSON.Member("gain", .quoted(gain)),
                ]
            case .lotFunded(let entry, let amount):
                [JSON.Member("entry", .quoted(entry)), JSON.Member("amount", .quoted(amount))]
            case .marginCalled(let missing): [JSON.Member("missing", .quoted(missing))]
            }
        return .object(head + rest)
    }

    /// The word for the kind of event.
    public var name: String {
        switch kind {
        case .orderFilled: "orderFilled"
        case .restEnded: "restEnded"
        case .orderRejected: "orderRejected"
        case .lotClosed: "lotClosed"
        case .orderExpired: "orderExpired"
        case .pendingAtLimit: "pendingAtLimit"
        case .daySettled: "daySettled"
        case .lotFunded: "lotFunded"
        case .marginCalled: "marginCalled"
        }
    }

    /// Reads an event.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        sequence = try reader.int("sequence")
        time = try reader.instant("time")
        switch try reader.text("kind") {
        case "orderFilled": kind = .orderFilled(try Fill(try reader.object("fill")))
        case "lotClosed": kind = .lotClosed(try Trade(try reader.object("trade")))
        case "restEnded":
            kind = .restEnded(
                try OrderID(anyKind: try reader.text("order")),
                try reader.word("reason")
            )
        case "orderRejected":
            kind = .orderRejected(
                try OrderID(anyKind: try reader.text("order")),
                try reader.word("reason")
            )
        case "orderExpired":
            kind = .orderExpired(
                try OrderID(anyKind: try reader.text("order")),
                try reader.word("reason")
            )
        case "pendingAtLimit":
            kind = .pendingAtLimit(try OrderID(anyKind: try reader.text("order")))
        case "daySettled":
            kind = .daySettled(
                try InstrumentID(try reader.text("instrument")),
                try reader.price("price"),
                try reader.money("gain")
            )
        case "lotFunded":
            kind = .lotFunded(
                try OrderID(try reader.text("entry")),
                try reader.money("amount")
            )
        case "marginCalled": kind = .marginCalled(try reader.money("missing"))
        case let other:
            throw TradingError(.invalidMessage, "read an event", "unknown kind '\(other)'")
        }
    }
}

extension Fill {
    /// The fill as it travels.
    public var json: JSON {
        [
            "order": .quoted(order),
            "entry": .quoted(entry),
            "instrument": .quoted(instrument),
            "side": .string(side.rawValue),
            "quantity": .quoted(quantity),
            "price": .quoted(price),
            "notional": .quoted(notional),
            "fee": .quoted(fee),
            "time": .quoted(time),
        ]
    }

    /// Reads a fill.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        order = try OrderID(anyKind: try reader.text("order"))
        entry = try OrderID(try reader.text("entry"))
        instrument = try InstrumentID(try reader.text("instrument"))
        side = try reader.word("side")
        quantity = try Quantity(try reader.decimal("quantity"))
        price = try reader.price("price")
        notional = try reader.money("notional")
        fee = try reader.money("fee")
        time = try reader.instant("time")
    }
}

extension Trade {
    /// The trade as it travels.
    public var json: JSON {
        [
            "entry": .quoted(entry),
            "exit": .quoted(exit),
            "instrument": .quoted(instrument),
            "side": .string(side.rawValue),
            "quantity": .quoted(quantity),
            "entryPrice": .quoted(entryPrice),
            "exitPrice": .quoted(exitPrice),
            "opened": .quoted(opened),
            "closed": .quoted(closed),
            "sessionsHeld": .int(Int64(sessionsHeld)),
            "profit": .quoted(profit),
            "fees": .quoted(fees),
            "reason": .string(reason.rawValue),
            "strategy": .string(strategy),
            "signal": .string(signal),
        ]
    }

    /// Reads a trade.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        entry = try OrderID(try reader.text("entry"))
        exit = try OrderID(anyKind: try reader.text("exit"))
        instrument = try InstrumentID(try reader.text("instrument"))
        side = try reader.word("side")
        quantity = try Quantity(try reader.decimal("quantity"))
        entryPrice = try reader.price("entryPrice")
        exitPrice = try reader.price("exitPrice")
        opened = try reader.instant("opened")
        closed = try reader.instant("closed")
        sessionsHeld = try reader.int("sessionsHeld")
        profit = try reader.money("profit")
        fees = try reader.money("fees")
        reason = try reader.word("reason")
        strategy = try reader.text("strategy")
        signal = try reader.text("signal")
    }
}
