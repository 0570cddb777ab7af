// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// A strategy as a model writes it: every member there, null where it is not wanted, and names with
/// values in lists, as schemas that are kept to the letter need it.
enum StrategyNote {
    /// The schema.
    static let schema: JSON = {
        func entries(_ value: String, _ type: String) -> JSON {
            [
                "type": "array",
                "items": .closedObject([
                    .init("name", ["type": "string"]), .init(value, ["type": .string(type)]),
                ]),
            ]
        }
        let optional: JSON = ["type": ["number", "null"]]
        return .closedObject([
            .init("name", ["type": "string"]),
            .init("family", ["type": "string"]),
            .init("universe", ["type": "array", "items": ["type": "string"]]),
            .init("side", ["type": "string", "enum": ["long", "short"]]),
            .init("parameters", entries("value", "number")),
            .init("features", entries("expression", "string")),
            .init("enter", ["type": "string"]),
            .init("exit", ["type": "string"]),
            .init("size", ["type": "number"]),
            .init("stop", optional), .init("target", optional), .init("hold", optional),
        ])
    }()

    private static let members = [
        "name", "family", "universe", "side", "parameters", "features", "enter", "exit", "size",
        "stop", "target", "hold",
    ]

    /// Reads a note and checks the strategy.
    /// - Throws: A `JSONError` or a `QuantError` that names the member.
    static func strategy(_ note: JSON, symbols: [String], mostSize: Double) throws -> Strategy {
        let fields = try JSONFields(note, path: "strategy")
        try fields.allowOnly(members)
        let universe = try fields.strings("universe")
        if let stranger = universe.first(where: { !symbols.contains($0) }) {
            throw JSONError(
                "strategy.universe: '\(stranger.prefix(40))' is not traded here; there are"
                    + " \(symbols.joined(separator: ", "))"
            )
        }
        let size = try fields.double("size")
        guard size > 0, size <= mostSize else {
            throw JSONError("strategy.size: found \(size); expected above 0, at most \(mostSize)")
        }
        var json: [JSON.Member] = [
            .init("schema", 1), .init("name", .string(try fields.string("name"))),
            .init("family", .string(try fields.string("family"))),
            .init("universe", .array(universe.map { .string($0) })),
            .init("side", .string(try fields.string("side"))),
            .init("parameters", try entries("parameters", "value", fields)),
            .init("features", try entries("features", "expression", fields)),
            .init("enter", .string(try fields.string("enter"))),
            .init("exit", .string(try fields.string("exit"))),
            .init("size", .double(size)),
        ]
        for name in ["stop", "target"] where fields.optional(name) != nil {
            json.append(.init(name, .double(try fields.double(name))))
        }
        if let hold = fields.optional("hold") {
            guard let bars = hold.doubleValue, bars == bars.rounded(), (1...10_000).contains(bars)
            else { throw JSONError("strategy.hold: expected a whole number from 1 to 10000") }
            json.append(.init("hold", .int(Int64(bars))))
        }
        return try Strategy(.object(json))
    }

    private static func entries(
        _ name: String,
        _ value: String,
        _ fields: JSONFields
    ) throws(JSONError) -> JSON {
        var members: [JSON.Member] = []
        for (index, entry) in try fields.array(name).enumerated() {
            let inner = try JSONFields(entry, path: "strategy.\(name)[\(index)]")
            try inner.allowOnly(["name", value])
            let key = try inner.string("name")
            guard !members.contains(where: { $0.name == key }) else {
                throw JSONError("strategy.\(name)[\(index)]: '\(key.prefix(40))' is given twice")
            }
            members.append(.init(key, try inner.required(value)))
        }
        return .object(members)
    }
}
