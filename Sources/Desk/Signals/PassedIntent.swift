// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The typed fields of a verdict that lets an intent pass, and nothing that anybody argued.
///
/// The executor makes its order from them, and the supervisor hands the same ones to the gateway.
public struct PassedIntent: Sendable, Hashable {
    /// The most bytes of a name.
    public static let longestName = 200
    /// The most bytes of a condition.
    public static let longestCondition = 2_000

    /// The verdict's id.
    public let verdict: String
    /// The intent's id.
    public let intent: String
    /// `enter` or `exit`.
    public let action: String
    /// What is traded.
    public let symbol: String
    /// `long` or `short`: the side of the position.
    public let side: String
    /// The hash of the strategy behind it.
    public let strategy: String
    /// The fraction of equity that the position may take.
    public let size: Decimal8
    /// The close at which the decision was made.
    public let close: Decimal8
    /// How much better than that an entry must be, as a fraction of it; nil for nothing.
    public let limit: Decimal8?
    /// How far below or above the entry's price the loss is taken, as a fraction; nil for nowhere.
    public let stop: Decimal8?
    /// As ``stop``, for the gain.
    public let target: Decimal8?
    /// The most sessions for which the position is held; nil for no limit.
    public let hold: Int?
    /// The condition over closed bars under which the idea has failed; nil for none.
    public let invalidIf: String?
    /// How sure whoever wanted the position says to be, from 0 to 1; nil for nothing said.
    public let confidence: Decimal8?
    /// The last day on which an order may be made from it.
    public let goodThrough: CalendarDate

    /// Reads a verdict; nil for one that judges something else or did not pass.
    /// - Throws: A ``JSONError`` that names the member that is missing or makes no sense.
    public init?(_ signal: Signal) throws(JSONError) {
        let fields = try JSONFields(signal.body, path: "verdict \(signal.id.prefix(60))")
        guard signal.topic == .verdict, try fields.string("kind") == "intent",
            try fields.bool("passed")
        else { return nil }
        verdict = signal.id
        intent = try Self.name(fields, "subject")
        action = try Self.name(fields, "action")
        symbol = try Self.name(fields, "symbol")
        side = try Self.name(fields, "side")
        strategy = try fields.hash("strategy_hash").description
        guard let size = Decimal8(rounding: try fields.double("size")),
            let close = Decimal8(rounding: try fields.double("close")), close > .zero
        else { throw JSONError("\(fields.path): size or close is out of range") }
        self.size = size
        self.close = close
        limit = try Self.limit(fields)
        // A level so far away that no decimal holds it is reached by no price.
        stop = fields.optional("stop")?.doubleValue.flatMap { Decimal8(rounding: $0) }
        target = fields.optional("target")?.doubleValue.flatMap { Decimal8(rounding: $0) }
        hold = fields.optional("hold")?.intValue
        invalidIf = fields.optional("invalidation")?.stringValue
        if let invalidIf, invalidIf.utf8.count > Self.longestCondition {
            throw JSONError(
                "\(fields.path): invalidation has more than \(Self.longestCondition) bytes"
            )
        }
        confidence = fields.optional("confidence")?.doubleValue.flatMap { number in
            (0...1).contains(number) ? Decimal8(rounding: number) : nil
        }
        guard let goodThrough = CalendarDate(try fields.string("good_through")) else {
            throw JSONError("\(fields.path): good_through is no date")
        }
        self.goodThrough = goodThrough
    }

    /// The fields as they travel to the gateway.
    public var json: JSON {
        func quoted(_ value: (some CustomStringConvertible)?) -> JSON {
            value.map { .string($0.description) } ?? .null
        }
        let members: JSON = [
            "verdict": .string(verdict), "intent": .string(intent), "action": .string(action),
            "symbol": .string(symbol), "side": .string(side), "strategy": .string(strategy),
            "size": quoted(size), "close": quoted(close), "stop": quoted(stop),
            "target": quoted(target), "hold": hold.map { .int(Int64($0)) } ?? .null,
            "invalidIf": quoted(invalidIf), "goodThrough": quoted(goodThrough),
        ]
        let others = [("confidence", confidence), ("limit", limit)].filter { $0.1 != nil }
        return .object(
            (members.objectValue ?? []) + others.map { JSON.Member($0.0, quoted($0.1)) }
        )
    }

    /// One that no decimal holds keeps everything out, where none at all would let everything in.
    private static func limit(_ fields: JSONFields) throws(JSONError) -> Decimal8? {
        guard fields.optional("limit") != nil else { return nil }
        return Decimal8(rounding: try fields.double("limit")) ?? Decimal8(1_000_000_000)
    }

    private static func name(_ fields: JSONFields, _ name: String) throws(JSONError) -> String {
        let text = try fields.string(name)
        guard text.utf8.count <= longestName else {
            throw JSONError("\(fields.path): \(name) has more than \(longestName) bytes")
        }
        return text
    }
}
