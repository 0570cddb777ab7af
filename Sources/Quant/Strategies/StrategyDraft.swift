// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The members of a strategy, each of the right kind and in range, with expressions unread.
struct StrategyDraft {
    static let members = [
        "schema", "name", "family", "universe", "side", "parameters", "frames", "features", "enter",
        "exit", "invalidation", "size", "units", "lot", "multiplier", "costs", "limit", "stop",
        "target", "hold",
    ]
    /// The most symbols, parameters and features of one strategy.
    static let mostEntries = 64
    private static let reserved = ["true", "false", "null", "in"]

    let name: String
    let family: String
    let universe: [Symbol]
    let side: Strategy.Side
    let parameters: [String: Double]
    let frames: [String: BarPeriod]
    let features: [String: StrategyFeature]
    let enter: String
    let exit: String
    let invalidation: String?
    let settings: StrategySettings

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
            frames = try Self.frames(fields)
            let features = try Self.features(fields, frames: frames)
            if let twice = parameters.keys.sorted().first(where: { features[$0] != nil }) {
                throw JSONError("strategy.features.\(twice): a parameter has that name already")
            }
            self.parameters = parameters
            self.features = features
            enter = try fields.string("enter")
            exit = try fields.string("exit")
            invalidation =
                try fields.optional("invalidation") == nil ? nil : fields.string("invalidation")
            settings = try Self.settings(fields, side: side, parameters: parameters)
        } catch {
            throw QuantError(.badStrategy, operation: "read strategy", reason: error.description)
        }
    }

    static func label(_ name: String, _ fields: JSONFields) throws(JSONError) -> String {
        let text = try fields.string(name)
        guard (1...120).contains(text.utf8.count) else {
            throw JSONError("strategy.\(name): expected 1 to 120 bytes, found \(text.utf8.count)")
        }
        return text
    }

    static func universe(_ fields: JSONFields) throws(JSONError) -> [Symbol] {
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

    static func entries<Value>(
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
}
