// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// An open lot as the gateway reports it.
public struct LotReport: Sendable, Hashable {
    /// The id of the entry.
    public let entry: OrderID
    /// What is held.
    public let instrument: InstrumentID
    /// The direction of the entry.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// The price of the entry, slippage included.
    public let price: Price
    /// The session of the entry.
    public let opened: Instant
    /// The sessions with a price since the entry, the entry's included.
    public let sessionsHeld: Int
    /// The plan by which it will be left.
    public let plan: ExitPlan
    /// The strategy behind it.
    public let strategy: String
    /// The signal that asked for it.
    public let signal: String

    /// Reports a lot.
    public init(_ lot: Lot) {
        entry = lot.entry
        instrument = lot.instrument
        side = lot.side
        quantity = lot.quantity
        price = lot.fill.price
        opened = lot.fill.time
        sessionsHeld = lot.sessionsHeld
        plan = lot.plan
        strategy = lot.order.strategy
        signal = lot.order.signal
    }

    /// Reads a report.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        entry = try OrderID(try reader.text("entry"))
        instrument = try InstrumentID(try reader.text("instrument"))
        side = try reader.word("side")
        quantity = try Quantity(try reader.decimal("quantity"))
        price = try reader.price("price")
        opened = try reader.instant("opened")
        sessionsHeld = try reader.int("sessionsHeld")
        plan = try ExitPlan(try reader.object("plan"))
        strategy = try reader.text("strategy")
        signal = try reader.text("signal")
    }

    /// The report as it travels.
    public var json: JSON {
        [
            "entry": .quoted(entry),
            "instrument": .quoted(instrument),
            "side": .string(side.rawValue),
            "quantity": .quoted(quantity),
            "price": .quoted(price),
            "opened": .quoted(opened),
            "sessionsHeld": .int(Int64(sessionsHeld)),
            "plan": plan.json,
            "strategy": .string(strategy),
            "signal": .string(signal),
        ]
    }
}
