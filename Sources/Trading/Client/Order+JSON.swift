// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension ExitPlan {
    /// The plan as it travels, prices in quotes.
    public var json: JSON {
        var members = [
            JSON.Member("stop", .quoted(stop)),
            JSON.Member("target", .quoted(target)),
            JSON.Member("holdLimit", holdLimit.map { .int(Int64($0)) } ?? .null),
            JSON.Member("invalidation", .string(invalidation)),
            JSON.Member("confidence", .quoted(confidence)),
            JSON.Member("risk", .quoted(riskInCurrency)),
        ]
        if let invalidIf { members.append(JSON.Member("invalidIf", .string(invalidIf))) }
        if let stopOffset { members.append(JSON.Member("stopOffset", stopOffset.json)) }
        if let targetOffset { members.append(JSON.Member("targetOffset", targetOffset.json)) }
        return .object(members)
    }

    /// Reads and checks a plan.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        try reader.allowOnly([
            "stop", "target", "holdLimit", "invalidation", "confidence", "risk", "stopOffset",
            "targetOffset", "invalidIf",
        ])
        try self.init(
            stop: reader.optionalPrice("stop"),
            target: reader.optionalPrice("target"),
            holdLimit: reader.optionalInt("holdLimit"),
            invalidation: reader.text("invalidation"),
            confidence: reader.optionalDecimal("confidence"),
            riskInCurrency: reader.money("risk"),
            stopOffset: ExitOffset(reader, "stopOffset"),
            targetOffset: ExitOffset(reader, "targetOffset"),
            invalidIf: reader.has("invalidIf") ? reader.text("invalidIf") : nil
        )
    }
}

extension Order {
    /// The order as it travels: an entry has a `plan`, an exit has `of` and `reason`.
    public var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("id", .quoted(id)),
            JSON.Member("instrument", .quoted(instrument)),
            JSON.Member("side", .string(side.rawValue)),
            JSON.Member("quantity", .quoted(quantity)),
            JSON.Member("asked", .quoted(asked)),
            JSON.Member("signal", .string(signal)),
            JSON.Member("strategy", .string(strategy)),
        ]
        if let limit { members.append(JSON.Member("limit", .quoted(limit))) }
        switch purpose {
        case .entry(let plan): members.append(JSON.Member("plan", plan.json))
        case .exit(let entry, let reason):
            members.append(JSON.Member("of", .quoted(entry)))
            members.append(JSON.Member("reason", .string(reason.rawValue)))
        }
        return .object(members)
    }

    /// Reads and checks an order of a client's or of the exchange's own.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        try reader.allowOnly([
            "id", "instrument", "side", "quantity", "limit", "asked", "signal", "strategy",
            "plan", "of", "reason",
        ])
        let purpose: Purpose
        if reader.has("of") {
            guard !reader.has("plan") else {
                throw Self.refused("an order has either a plan or the entry that it closes")
            }
            purpose = .exit(of: try OrderID(try reader.text("of")), try reader.word("reason"))
        } else {
            purpose = .entry(try ExitPlan(try reader.object("plan")))
        }
        try self.init(
            id: OrderID(anyKind: reader.text("id")),
            instrument: InstrumentID(reader.text("instrument")),
            side: reader.word("side"),
            quantity: Quantity(reader.decimal("quantity")),
            purpose: purpose,
            asked: reader.instant("asked"),
            signal: reader.text("signal"),
            strategy: reader.text("strategy"),
            limit: reader.optionalPrice("limit")
        )
    }

    /// Refuses an order that only the exchange itself may make.
    /// - Throws: A ``TradingError`` with code `invalidMessage`, or `invalidPlan` for a condition
    ///   that cannot be read.
    public func requireFromClient() throws(TradingError) {
        guard !id.isMadeByExchange else {
            throw Self.refused("a client's order id has no '!'")
        }
        switch purpose {
        case .exit where limit != nil:
            throw Self.refused("an exit has no limit, since it must not be kept from closing")
        case .exit(_, let reason) where reason != .exit:
            throw Self.refused("a client's exit has the reason 'exit'")
        case .entry(let plan) where plan.stopOffset != nil || plan.targetOffset != nil:
            throw Self.refused("a client's plan names prices; offsets are for engines")
        case .entry(let plan):
            if let condition = plan.invalidIf { _ = try Invalidation(condition) }
        case .exit: break
        }
    }

    private static func refused(_ reason: String) -> TradingError {
        TradingError(.invalidMessage, "read an order", reason)
    }
}
