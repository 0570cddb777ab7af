// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The members of a strategy, each of the right kind and in range, with expressions unread.
struct StrategyDraft {
    static let members = [
        "schema", "name", "family", "universe", "side", "parameters", "features", "enter", "exit",
        "size", "stop", "target", "hold",
    ]
    /// The most symbols, parameters and features of one strategy.
    static let mostEntries = 64
    private static let reserved = ["true", "false", "null", "in"]

    let name: String
    let family: String
    let universe: [Symbol]
    let side: Strategy.Side
    let parameters: [String: Double]
    let features: [String: String]
    let enter: String
    let exit: String
    let size: Double
    let stop: Double?
    let target: Double?
    let hold: Int?

    init(_ json: JSON) throws(QuantError) {
        do throws(JSONError) {
            let fields = try JSONFields(json, path: "strategy")
            try fields.allowOnly(Self.members)
            guard try fields.int("schema") == 1 else {
                throw JSONError("strategy.schema: only schema 1 is known")
            }
            name = try Self.label("name", fields)
            family = try Self.label("family", fields)
            universe = try Self.universe(fields)
            guard let side = Strategy.Side(rawValue: try fields.string("side")) else {
                throw JSONError("strategy.side: expected 'long' or 'short'")
            }
            self.side = side
            let parameters = try Self.entries(
                "parameters",
                fields,
                "a number",
                \.doubleValue
            )
            let features = try Self.entries(
                "features",
                fields,
                "an expression",
                \.stringValue
            )
            if let twice = parameters.keys.sorted().first(where: { features[$0] != nil }) {
                throw JSONError("strategy.features.\(twice): a parameter has that name already")
            }
            self.parameters = parameters
            self.features = features
            enter = try fields.string("enter")
            exit = try fields.string("exit")
            size = try Self.fraction("size", fields, try fields.double("size"), most: 1)
            stop = try Self.optionalFraction("stop", fields, most: side == .long ? 1 : 1000)
            target = try Self.optionalFraction("target", fields, most: side == .short ? 1 : 1000)
            hold = try fields.optional("hold") == nil ? nil : fields.int("hold")
            guard hold ?? 1 >= 1 else {
                throw JSONError("strategy.hold: expected at least 1 bar")
            }
        } catch {
            throw QuantError(.badStrategy, operation: "read strategy", reason: error.description)
        }
    }

    private static func label(_ name: String, _ fields: JSONFields) throws(JSONError) -> String {
        let text = try fields.string(name)
        guard (1...120).contains(text.utf8.count) else {
            throw JSONError("strategy.\(name): expected 1 to 120 bytes, found \(text.utf8.count)")
        }
        return text
    }

    private static func universe(_ fields: JSONFields) throws(JSONError) -> [Symbol] {
        var symbols: [Symbol] = []
        for (index, text) in try fields.strings("universe").enumerated() {
            guard let symbol = Symbol(text) else {
                throw JSONError("strategy.universe[\(index)]: '\(text)' is no symbol")
            }
            guard !symbols.contains(symbol) else {
                throw JSONError("strategy.universe[\(index)]: '\(text)' is listed twice")
            }
            symbols.append(symbol)
        }
        guard (1...mostEntries).contains(symbols.count) else {
            throw JSONError(
                "strategy.universe: expected 1 to \(mostEntries) symbols, found \(symbols.count)"
            )
        }
        return symbols.sorted()
    }

    private static func entries<Value>(
        _ name: String,
        _ fields: JSONFields,
        _ expectation: String,
        _ convert: (JSON) -> Value?
    ) throws(JSONError) -> [String: Value] {
        guard let json = fields.optional(name) else { return [:] }
        let inner = try JSONFields(json, path: "strategy.\(name)")
        guard inner.names.count <= mostEntries else {
            throw JSONError("strategy.\(name): expected at most \(mostEntries) entries")
        }
        var result: [String: Value] = [:]
        for key in inner.names {
            guard isName(key) else {
                throw JSONError(
                    "strategy.\(name): '\(key)' is no free name; use letters, digits and '_'"
                )
            }
            guard let value = convert(try inner.required(key)) else {
                throw JSONError("strategy.\(name).\(key): expected \(expectation)")
            }
            result[key] = value
        }
        return result
    }

    private static func isName(_ text: String) -> Bool {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
            default: false
            }
        }
        guard isWord, let first = text.utf8.first, !(0x30...0x39).contains(first) else {
            return false
        }
        return text.utf8.count <= 64 && !reserved.contains(text)
            && !BarColumns.names.contains(text) && !BarFunctions.names.contains(text)
    }

    private static func optionalFraction(
        _ name: String,
        _ fields: JSONFields,
        most: Double
    ) throws(JSONError) -> Double? {
        guard fields.optional(name) != nil else { return nil }
        return try fraction(name, fields, try fields.double(name), most: most)
    }

    private static func fraction(
        _ name: String,
        _ fields: JSONFields,
        _ value: Double,
        most: Double
    ) throws(JSONError) -> Double {
        guard value > 0, value <= most else {
            throw JSONError(
                "strategy.\(name): expected above 0 and at most \(BarCSV.text(of: most)), "
                    + "found \(BarCSV.text(of: value))"
            )
        }
        return value
    }
}
