// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a passed verdict on an intent lets somebody order: once, and no more than this.
public struct OrderPermit: Sendable, Hashable {
    /// What may be done.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// A position may be opened.
        case enter
        /// What the strategy holds of the instrument may be closed.
        case exit
    }

    /// The verdict's id.
    public let verdict: String
    /// The id of the intent, which is the signal that an order names.
    public let intent: String
    /// What may be done.
    public let action: Action
    /// What may be traded.
    public let instrument: InstrumentID
    /// The side of the position.
    public let side: Side
    /// The strategy that was approved.
    public let strategy: String
    /// The fraction of equity that the position may take.
    public let size: Decimal8
    /// The close at which the decision was made.
    public let close: Price
    /// How much better than the close an entry must be, as a fraction of it; nil for nothing.
    public let limit: Decimal8?
    /// How far from the entry's price the loss is taken at the latest, as a fraction; nil for
    /// nowhere.
    public let stop: Decimal8?
    /// How far from it the gain is taken at the latest, as a fraction; nil for nowhere.
    public let target: Decimal8?
    /// The most sessions that the plan may name; nil for no limit.
    public let hold: Int?
    /// The condition over closed bars that the plan must name; nil for any.
    public let invalidIf: String?
    /// How sure whoever wanted the position says to be, from 0 to 1; nil for nothing said.
    public let confidence: Decimal8?
    /// The last day on which an order may be made from it.
    public let goodThrough: CalendarDate

    /// Reads a permit.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        try reader.allowOnly([
            "verdict", "intent", "action", "symbol", "side", "strategy", "size", "close", "stop",
            "target", "hold", "invalidIf", "goodThrough", "confidence", "limit",
        ])
        verdict = try reader.text("verdict")
        intent = try reader.text("intent")
        action = try reader.word("action")
        instrument = try InstrumentID(try reader.text("symbol"))
        side = try reader.text("side") == "short" ? .sell : .buy
        strategy = try reader.text("strategy")
        size = try reader.decimal("size")
        close = try reader.price("close")
        limit = try reader.optionalDecimal("limit")
        stop = try reader.optionalDecimal("stop")
        target = try reader.optionalDecimal("target")
        hold = try reader.optionalInt("hold")
        invalidIf = reader.has("invalidIf") ? try reader.text("invalidIf") : nil
        confidence = try reader.optionalDecimal("confidence")
        guard let day = CalendarDate(try reader.text("goodThrough")) else {
            throw TradingError(.invalidMessage, "read a verdict", "goodThrough is no date")
        }
        goodThrough = day
        for name in [verdict, intent, strategy] where !(1...Order.longestName).contains(name.count)
        {
            throw TradingError(
                .invalidMessage,
                "read a verdict",
                "a name has from 1 to \(Order.longestName) characters"
            )
        }
    }

    /// The permit as it travels and as the ledger keeps it.
    public var json: JSON {
        let members: JSON = [
            "verdict": .string(verdict), "intent": .string(intent),
            "action": .string(action.rawValue), "symbol": .quoted(instrument),
            "side": .string(side == .buy ? "long" : "short"), "strategy": .string(strategy),
            "size": .quoted(size), "close": .quoted(close), "stop": .quoted(stop),
            "target": .quoted(target), "hold": hold.map { .int(Int64($0)) } ?? .null,
            "invalidIf": .quoted(invalidIf), "goodThrough": .quoted(goodThrough),
        ]
        let others = [("confidence", confidence), ("limit", limit)].filter { $0.1 != nil }
        return .object(
            (members.objectValue ?? []) + others.map { JSON.Member($0.0, .quoted($0.1)) }
        )
    }

    /// The whole units of one position that an equity allows, exactly; nil for more than any order
    /// may have.
    public func units(equity: Money, multiplier: Decimal8 = Decimal8(1)) -> Int? {
        let stake = Int128(equity.value.units) * Int128(size.units)
        let price = Int128(close.value.units) * Int128(multiplier.units)
        guard stake > 0, price > 0 else { return 0 }
        let units = stake / price
        return units <= Int128(Quantity.largest.wholePart) ? Int(units) : nil
    }

    /// The worst price of an entry; nil for any, and for one that no market can reach.
    public var limitPrice: Price? { level(limit, of: close, isAbove: side == .sell) }

    /// The price from which stop and target are measured.
    var entryPrice: Price { limitPrice ?? close }

    /// The price at which the loss is taken; nil for none that a market can reach.
    public var stopPrice: Price? { level(stop, of: entryPrice, isAbove: side == .sell) }

    /// The price at which the gain is taken; nil for none that a market can reach.
    public var targetPrice: Price? { level(target, of: entryPrice, isAbove: side == .buy) }

    private func level(_ fraction: Decimal8?, of price: Price, isAbove: Bool) -> Price? {
        // A sum or a product beyond the range of decimals cannot be reckoned.
        guard let fraction, -Price.highest <= fraction, fraction <= Price.highest else {
            return nil
        }
        let factor = isAbove ? Decimal8(1) + fraction : Decimal8(1) - fraction
        let estimate = price.value.doubleValue * factor.doubleValue
        guard estimate > 0, estimate <= Price.highest.doubleValue else { return nil }
        // A level that no price can reach is none.
        return try? Price((price.value * factor).rounded(places: 6))
    }
}
