// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import MCP
import Trading

/// Puts requests into a broker's words and reads its answers, by a mapping.
///
/// Answers are untrusted: whatever does not read as what it should be is no answer.
struct BrokerTranslator: Sendable {
    /// An order in an answer.
    struct FoundOrder: Hashable {
        let id: String
        let venueID: String
        let standing: VenueReport.Standing
        let quantity: Decimal8
        let filled: Decimal8
    }

    /// An execution in an answer.
    struct FoundFill: Hashable {
        let id: String
        let venueID: String
        let instrument: InstrumentID
        let side: Side
        let quantity: Quantity
        let price: Price
    }

    let mapping: BrokerMapping

    /// The call that places an order; nil when the broker has no such orders.
    func placing(_ order: VenueOrder) -> (tool: String, arguments: JSON)? {
        var words = [
            "id": order.id.description, "symbol": order.instrument.description,
            "side": (order.side == .buy ? mapping.buyWords : mapping.sellWords)[0],
            "quantity": order.quantity.description,
        ]
        let call: BrokerMapping.Call?
        switch order.kind {
        case .market: call = mapping.market
        case .limit(let price):
            call = mapping.limit
            words["limit"] = price.description
        case .stop(let price):
            call = mapping.stop
            words["stop"] = price.description
        }
        return call.map { filled($0, words) }
    }

    /// A call with its words filled in.
    func filled(
        _ call: BrokerMapping.Call,
        _ words: [String: String] = [:]
    ) -> (tool: String, arguments: JSON) {
        let arguments = call.arguments.filled(words)
        guard mapping.sendsNumbers else { return (call.tool, arguments) }
        let numbers = Set(["quantity", "limit", "stop"].compactMap { words[$0] })
        return (call.tool, Self.numbers(in: arguments, numbers))
    }

    /// The arguments with texts that are one of these numbers made numbers.
    private static func numbers(in json: JSON, _ known: Set<String>) -> JSON {
        switch json {
        // A decimal in plain digits is a number of JSON as it stands.
        case .string(let text) where known.contains(text): (try? JSON(parsing: text)) ?? json
        case .array(let elements): .array(elements.map { numbers(in: $0, known) })
        case .object(let members):
            .object(members.map { .init($0.name, numbers(in: $0.value, known)) })
        default: json
        }
    }

    // MARK: Answers

    /// The order that an answer is; nil when it is none.
    func order(in result: ToolResult) -> FoundOrder? {
        guard !result.isError, let body = result.body else { return nil }
        return order(mapping.order.path.isEmpty ? body : body.member(at: mapping.order.path))
    }

    /// The list in an answer; nil when there is none.
    func list(_ list: BrokerMapping.List, in result: ToolResult) -> [JSON]? {
        guard !result.isError else { return nil }
        return result.body?.member(at: list.path)?.arrayValue
    }

    /// Our id and the broker's of the order that an answer is; nil when it is none.
    func names(in result: ToolResult) -> (id: String, venueID: String)? {
        guard !result.isError, let body = result.body else { return nil }
        return names(mapping.order.path.isEmpty ? body : body.member(at: mapping.order.path))
    }

    /// As ``names(in:)``, for an entry of a list.
    func names(_ json: JSON?) -> (id: String, venueID: String)? {
        guard let json, let id = text(mapping.order.id, json),
            let venueID = text(mapping.order.venueID, json)
        else { return nil }
        return (id, venueID)
    }

    /// Whether an order is for an amount of money, which none of the desk's is.
    func hasNoQuantity(_ json: JSON) -> Bool {
        json.member(at: mapping.order.quantity) ?? .null == .null
    }

    func order(_ json: JSON?) -> FoundOrder? {
        guard let json, let (id, venueID) = names(json),
            let status = text(mapping.order.status, json).flatMap({ mapping.statuses[$0] }),
            let quantity = number(mapping.order.quantity, json),
            let filled = number(mapping.order.filled, json), filled <= quantity
        else { return nil }
        let standing: VenueReport.Standing =
            switch status {
            case .open: .open
            case .filled: .filled
            case .cancelled: .cancelled
            case .refused: .refused
            }
        return FoundOrder(
            id: id,
            venueID: venueID,
            standing: standing,
            quantity: quantity,
            filled: filled
        )
    }

    func fill(_ json: JSON) -> FoundFill? {
        let fields = mapping.fill
        guard let id = text(fields.id, json), let venueID = text(fields.venueID, json),
            let symbol = text(fields.symbol, json), let word = text(fields.side, json),
            let side = side(word), let size = number(fields.quantity, json),
            let amount = number(fields.price, json),
            // What is no name is no execution.
            let instrument = try? InstrumentID(symbol),
            // Nor what is no quantity.
            let quantity = try? Quantity(size),
            // Nor what is no price.
            let price = try? Price(amount)
        else { return nil }
        return FoundFill(
            id: id,
            venueID: venueID,
            instrument: instrument,
            side: side,
            quantity: quantity,
            price: price
        )
    }

    /// What is held of an instrument, negative when sold short.
    func position(_ json: JSON) -> (InstrumentID, Decimal8)? {
        let fields = mapping.position
        guard let symbol = text(fields.symbol, json),
            let quantity = number(fields.quantity, json, signed: true),
            quantity.magnitude <= Quantity.largest,
            // As above.
            let instrument = try? InstrumentID(symbol)
        else { return nil }
        guard let path = fields.side else { return (instrument, quantity) }
        guard let word = text(path, json) else { return nil }
        let isShort = mapping.shortWords.contains(word)
        return (instrument, isShort ? -quantity.magnitude : quantity.magnitude)
    }

    func account(in result: ToolResult) -> BrokerAccount? {
        let fields = mapping.account
        guard !result.isError, let body = result.body, let number = text(fields.number, body) else {
            return nil
        }
        return BrokerAccount(
            number: number,
            cash: fields.cash.flatMap { text($0, body) },
            equity: fields.equity.flatMap { text($0, body) }
        )
    }

    /// What an answer that is an error means; nil when it leaves everything open.
    func fault(in result: ToolResult) -> BrokerMapping.Fault? {
        let words = result.text
        return BrokerMapping.Fault.allCases.first { fault in
            guard let rule = mapping.faults[fault] else { return false }
            if rule.texts.contains(where: { words.contains($0) }) { return true }
            guard let path = rule.path, let body = result.body else { return false }
            return text(path, body).map { rule.values.contains($0) } ?? false
        }
    }

    // MARK: Fields

    private func side(_ word: String) -> Side? {
        if mapping.buyWords.contains(word) { return .buy }
        return mapping.sellWords.contains(word) ? .sell : nil
    }

    /// A text, or a whole number as one; of a length that can be kept.
    private func text(_ path: String, _ json: JSON) -> String? {
        let found = json.member(at: path)
        let text = found?.stringValue ?? found?.intValue.map(String.init)
        return text.flatMap { (1...200).contains($0.utf8.count) ? $0 : nil }
    }

    /// A decimal of at most eight places, in quotes or not.
    private func number(_ path: String, _ json: JSON, signed: Bool = false) -> Decimal8? {
        let found = json.member(at: path)
        let number =
            found?.stringValue.flatMap { Decimal8($0) }
            ?? found?.doubleValue.flatMap { Decimal8(rounding: $0) }
        return number.flatMap { signed || !$0.isNegative ? $0 : nil }
    }
}

extension ToolResult {
    /// The answer as a value: what is structured, or else the text as JSON.
    fileprivate var body: JSON? {
        // A text that is no JSON is no value.
        structured ?? (try? JSON(parsing: text))
    }
}
