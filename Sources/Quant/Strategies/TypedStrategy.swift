// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A strategy without a word of its maker's: what it does is the same, and every name in it is
/// given by position.
///
/// Two strategies that differ in names, spaces, comments, the order of members, the spelling of
/// numbers, what they call themselves, what they say they cost, or in parts that nothing reads have
/// the same typed form. So whoever is shown it learns nothing from the maker but the rules.
public struct TypedStrategy: Sendable, Hashable {
    /// Why a strategy has no typed form.
    public enum Fault: String, Error, Sendable, Hashable, CaseIterable {
        /// It cannot be read.
        case malformed
        /// An expression holds a text, or a name that is neither the strategy's nor the language's.
        case freeText = "free_text"
        /// It trades something that the desk does not.
        case unknownSymbol = "unknown_symbol"
    }

    /// The strategy to run; its name is the beginning of ``hash``.
    public let strategy: Strategy
    /// The hash of its rules: of everything but name and family.
    public let hash: ContentHash

    /// Makes the typed form.
    /// - Parameters:
    ///   - strategy: The strategy as its maker wrote it.
    ///   - family: What its family is called.
    ///   - symbols: The symbols that it may trade.
    /// - Throws: A ``Fault``.
    public init(
        _ strategy: Strategy,
        family: String,
        symbols: Set<Symbol>
    ) throws(Fault) {
        guard strategy.universe.allSatisfy(symbols.contains) else { throw .unknownSymbol }
        let members = try TypedNames(strategy).members
        func named(_ name: String) throws(Fault) -> Strategy {
            let json = JSON.object(
                [
                    .init("schema", 1), .init("name", .string(name)),
                    .init("family", .string(family)),
                    .init("universe", .array(strategy.universe.map { .string($0.description) })),
                    .init("side", .string(strategy.side.rawValue)),
                ] + members
            )
            do {
                return try Strategy(json)
            } catch {
                // What the language allows beyond this form, no one has to know here.
                throw .freeText
            }
        }
        hash = Self.hash(of: try named("typed"))
        self.strategy = try named(hash.short)
    }

    /// The hash of a strategy's rules: of everything but name and family.
    public static func hash(of strategy: Strategy) -> ContentHash {
        let rules = (strategy.json.objectValue ?? [])
            .filter { $0.name != "name" && $0.name != "family" }
        return ContentHash(of: JSON.object(rules).canonical.compactBytes)
    }
}

/// Gives names by position, in the order in which a fixed walk through a strategy meets them.
private struct TypedNames {
    private let strategy: Strategy
    private var parameters: [String: String] = [:]
    private var frames: [String: String] = [:]
    private var features: [String: String] = [:]
    /// The names of features in the order of the walk.
    private var order: [String] = []

    init(_ strategy: Strategy) throws(TypedStrategy.Fault) {
        self.strategy = strategy
        for text in expressions.compactMap(\.1) { try meet(ExpressionText(text)) }
        for case .parameter(let name) in amounts.compactMap(\.1) { meet(parameter: name) }
        var next = 0
        while next < order.count {
            if let feature = strategy.features[order[next]] {
                if let frame = feature.frame, frames[frame] == nil {
                    frames[frame] = "t\(frames.count + 1)"
                }
                try meet(ExpressionText(feature.expression))
            }
            next += 1
        }
    }

    private var expressions: [(String, String?)] {
        [
            ("enter", strategy.enter), ("exit", strategy.exit),
            ("invalidation", strategy.invalidation), ("limit", strategy.limitDistance),
            ("stop", strategy.stopDistance), ("target", strategy.targetDistance),
        ]
    }

    private var amounts: [(String, StrategySettings.Amount?)] {
        let settings = strategy.settings
        return [
            ("size", settings.units == nil ? settings.size : nil), ("units", settings.units),
            ("limit", settings.limit), ("stop", settings.stop), ("target", settings.target),
            ("hold", settings.hold),
        ]
    }

    private mutating func meet(parameter name: String) {
        guard parameters[name] == nil else { return }
        parameters[name] = "p\(parameters.count + 1)"
    }

    /// The words that mean something in any expression.
    private static let known = Set(BarColumns.names + BarFunctions.names + ["true", "false", "in"])

    private mutating func meet(_ text: ExpressionText) throws(TypedStrategy.Fault) {
        for piece in text.pieces {
            switch piece.kind {
            case .text: throw .freeText
            case .number, .sign: continue
            case .word:
                if strategy.parameters[piece.text] != nil {
                    meet(parameter: piece.text)
                } else if strategy.features[piece.text] != nil {
                    guard features[piece.text] == nil else { continue }
                    features[piece.text] = "f\(features.count + 1)"
                    order.append(piece.text)
                } else if !Self.known.contains(piece.text) {
                    throw .freeText
                }
            }
        }
    }

    /// The members of the strategy but those that say what it is called and what it trades.
    var members: [JSON.Member] {
        var members: [JSON.Member] = [
            .init("parameters", table(parameters) { StrategySettings.number(value(of: $0)) }),
            .init("frames", table(frames) { .string(strategy.frames[$0]?.description ?? "") }),
            .init("features", table(features, feature)),
        ]
        for (name, text) in expressions {
            if let text { members.append(.init(name, .string(renamed(text)))) }
        }
        for (name, amount) in amounts {
            switch amount {
            case .number(let number):
                members.append(.init(name, StrategySettings.number(number)))
            case .parameter(let parameter):
                members.append(.init(name, .string(parameters[parameter] ?? "")))
            case .expression, nil: continue
            }
        }
        if strategy.lot != 1 {
            members.append(.init("lot", StrategySettings.number(strategy.lot)))
        }
        if strategy.multiplier != 1 {
            members.append(.init("multiplier", StrategySettings.number(strategy.multiplier)))
        }
        return members
    }

    private func value(of parameter: String) -> Double { strategy.parameters[parameter] ?? 0 }

    private func feature(_ name: String) -> JSON {
        guard let feature = strategy.features[name] else { return .null }
        let text = JSON.string(renamed(feature.expression))
        guard let frame = feature.frame.flatMap({ frames[$0] }) else { return text }
        return ["frame": .string(frame), "value": text]
    }

    private func table(_ names: [String: String], _ value: (String) -> JSON) -> JSON {
        .object(
            names.sorted { $0.value < $1.value }.map { JSON.Member($0.value, value($0.key)) }
        )
    }

    private func renamed(_ text: String) -> String {
        var expression = ExpressionText(text)
        expression.pieces = expression.pieces.map { piece in
            switch piece.kind {
            case .word:
                let name = parameters[piece.text] ?? features[piece.text] ?? piece.text
                return .init(kind: .word, text: name)
            case .number: return .init(kind: .number, text: Self.plain(piece.text))
            case .text, .sign: return piece
            }
        }
        return expression.normalized
    }

    /// A whole number in its only spelling; others are spelt by the normal form.
    private static func plain(_ number: String) -> String {
        let lower = number.lowercased()
        let isUnsigned = lower.hasSuffix("u")
        let digits = isUnsigned ? String(lower.dropLast()) : lower
        let value =
            digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
        return value.map { "\($0)\(isUnsigned ? "u" : "")" } ?? number
    }
}
