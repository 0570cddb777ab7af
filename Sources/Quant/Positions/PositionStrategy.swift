// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A strategy that is a program: it reads bars and writes the positions that it wants.
///
/// The program gets the bars as CSV on its input, in order of time and, within an instant, of
/// symbol. It writes CSV with the columns `timestamp`, `position` and, unless there is one symbol,
/// `symbol`. A row is what is wanted from that bar's close on, until the next row of the symbol;
/// before the first row nothing is held. It is filled at the symbol's next open.
public struct PositionStrategy: Sendable, Hashable {
    /// What a position is measured in.
    public enum Measure: String, Sendable, Hashable, CaseIterable {
        /// Shares of equity at the close of the decision, from -1 for short to 1 for long.
        case share
        /// Units, below 0 for short.
        case units
    }

    /// What people call it; not part of ``hash``.
    public let name: String
    /// The idea that it belongs to.
    public let family: String
    /// The instruments, sorted, each once.
    public let universe: [Symbol]
    /// The program and its arguments, `{name}` standing for a parameter.
    public let command: [String]
    /// Named numbers for the arguments.
    public let parameters: [String: Double]
    /// What its positions are measured in.
    public let measure: Measure
    /// What units are rounded to a multiple of, towards zero.
    public let lot: Double
    /// The money per price point and unit.
    public let multiplier: Double
    /// What trading costs unless a backtest says otherwise.
    public let costs: Costs?

    /// The hashes of the files that the command names, as far as they belong to the strategy; who
    /// runs the program knows them.
    public var files: [String: ContentHash] = [:]

    static let members = [
        "schema", "name", "family", "universe", "command", "parameters", "measure", "lot",
        "multiplier", "costs",
    ]
    /// The most words of a command.
    static let mostWords = 64

    /// Reads and checks a strategy.
    /// - Throws: A ``QuantError`` with code `badStrategy`, whose reason starts with the path of the
    ///   member.
    public init(_ json: JSON) throws(QuantError) {
        do throws(JSONError) {
            let fields = try JSONFields(json, path: "strategy")
            try fields.allowOnly(Self.members)
            guard try fields.int("schema") == 1 else {
                throw JSONError("strategy.schema: only schema 1 is known")
            }
            name = try StrategyDraft.label("name", fields)
            family = try StrategyDraft.label("family", fields)
            universe = try StrategyDraft.universe(fields)
            parameters = try StrategyDraft.entries("parameters", fields, "a number", \.doubleValue)
            command = try Self.command(fields, parameters: parameters)
            measure = try Self.measure(fields)
            lot = try StrategyDraft.positive("lot", fields)
            multiplier = try StrategyDraft.positive("multiplier", fields)
            costs = try StrategyDraft.costs(fields)
        } catch {
            throw QuantError(.badStrategy, operation: "read strategy", reason: error.description)
        }
    }

    /// The command with the values of parameters in their places.
    public var arguments: [String] {
        command.map { word in
            parameters.sorted { $0.key < $1.key }.reduce(word) { text, parameter in
                text.replacing("{\(parameter.key)}", with: BarCSV.text(of: parameter.value))
            }
        }
    }

    /// The strategy as JSON, with members in a fixed order.
    public var json: JSON {
        .object([JSON.Member("schema", 1), JSON.Member("name", .string(name))] + content)
    }

    /// The hash of everything but the name, with the text of the program as far as ``files`` has
    /// it.
    public var hash: ContentHash {
        var members = [JSON.Member("schema", 1)] + content
        if !files.isEmpty {
            let texts = files.sorted { $0.key < $1.key }.map {
                JSON.Member($0.key, .string($0.value.description))
            }
            members.append(JSON.Member("files", .object(texts)))
        }
        return ContentHash(of: JSON.object(members).canonical.compactBytes)
    }

    private var content: [JSON.Member] {
        var members = [
            JSON.Member("family", .string(family)),
            JSON.Member("universe", .array(universe.map { .string($0.description) })),
            JSON.Member("command", .array(command.map { .string($0) })),
            JSON.Member(
                "parameters",
                .object(
                    parameters.sorted { $0.key < $1.key }.map {
                        JSON.Member($0.key, StrategySettings.number($0.value))
                    }
                )
            ),
            JSON.Member("measure", .string(measure.rawValue)),
            JSON.Member("lot", StrategySettings.number(lot)),
            JSON.Member("multiplier", StrategySettings.number(multiplier)),
        ]
        if let costs {
            members.append(
                JSON.Member(
                    "costs",
                    [
                        "fee": StrategySettings.number(costs.feeRate),
                        "fee_per_unit": StrategySettings.number(costs.feePerUnit),
                        "slippage": StrategySettings.number(costs.slippageRate),
                    ]
                )
            )
        }
        return members
    }

    private static func command(
        _ fields: JSONFields,
        parameters: [String: Double]
    ) throws(JSONError) -> [String] {
        let words = try fields.strings("command")
        guard (1...mostWords).contains(words.count), words[0].isEmpty == false else {
            throw JSONError("strategy.command: expected a program and at most \(mostWords) words")
        }
        return words
    }

    private static func measure(_ fields: JSONFields) throws(JSONError) -> Measure {
        guard fields.optional("measure") != nil else { return .share }
        guard let measure = Measure(rawValue: try fields.string("measure")) else {
            throw JSONError("strategy.measure: expected 'share' or 'units'")
        }
        return measure
    }
}
