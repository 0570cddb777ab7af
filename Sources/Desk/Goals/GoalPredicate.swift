// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Expressions

/// A condition over the signals that a desk has committed; see docs/goals.md for its names.
public struct GoalPredicate: Sendable, Hashable, CustomStringConvertible {
    private let expression: Expression
    /// What the condition reads, so that nothing else has to be looked up.
    public let needs: Needs

    /// What a condition reads of the signals.
    public struct Needs: Sendable, Hashable {
        /// The topics whose signals are counted.
        public var counts: Set<Topic> = []
        /// Whether verdicts are counted by kind and outcome.
        public var verdicts = false
        /// The topics whose newest signals are read.
        public var recent: Set<Topic> = []
    }

    /// Why a text is no condition.
    public struct Fault: Error, Sendable, Hashable {
        /// What is wrong, as one clause.
        public let message: String
    }

    /// The most signals that `recent` holds of one topic.
    public static let recentLimit = 100

    /// The names that a condition may read, with their types.
    public static let names: [String: ValueType] = {
        var names: [String: ValueType] = ["turns": .int]
        for topic in Topic.allCases {
            names["count.\(topic.rawValue)"] = .int
            names["last.\(topic.rawValue)"] = .map(.string, .dyn)
            names["recent.\(topic.rawValue)"] = .list(.map(.string, .dyn))
        }
        for kind in ["report", "intent"] {
            names["passed.\(kind)"] = .int
            names["failed.\(kind)"] = .int
        }
        return names
    }()

    /// Reads a condition and checks its names and types.
    /// - Throws: A ``Fault`` that says what is wrong and what is allowed.
    public init(parsing text: String) throws(Fault) {
        let expression: Expression
        let type: ValueType
        do throws(ExpressionError) {
            expression = try Expression(parsing: text)
            if let name = Self.unknown(in: expression) {
                throw ExpressionError(
                    code: .unknownIdentifier,
                    message: "unknown name '\(name)'"
                )
            }
            type = try expression.check(Self.names)
        } catch {
            let hint = error.code == .unknownIdentifier ? "; \(Self.allowed)" : ""
            throw Fault(message: "found '\(text.prefix(60))': \(error)\(hint)")
        }
        guard type == .bool || type == .dyn else {
            throw Fault(
                message: "found '\(text.prefix(60))', which is \(type), neither true nor false"
            )
        }
        self.expression = expression
        needs = Self.needs(of: expression)
    }

    private static let allowed =
        "allowed are turns, count.TOPIC, last.TOPIC, recent.TOPIC, passed.KIND and failed.KIND"

    /// The name in the vocabulary that a path begins with.
    private static func name(of path: String) -> String? {
        let parts = path.split(separator: ".").prefix(2).joined(separator: ".")
        return names[parts] == nil ? nil : parts
    }

    /// The first path that begins with no name of the vocabulary.
    private static func unknown(in expression: Expression) -> String? {
        let chains = expression.fieldPaths
        let single = expression.identifiers.filter { name in
            !chains.contains { $0.hasPrefix("\(name).") }
        }
        return (chains + single).first { $0 != "turns" && name(of: $0) == nil }
    }

    private static func needs(of expression: Expression) -> Needs {
        var needs = Needs()
        for name in expression.fieldPaths.compactMap({ name(of: $0) }) {
            let parts = name.split(separator: ".")
            guard parts.count == 2 else { continue }
            let topic = Topic(rawValue: String(parts[1]))
            switch parts[0] {
            case "count": needs.counts.formUnion(topic.map { [$0] } ?? [])
            case "last", "recent": needs.recent.formUnion(topic.map { [$0] } ?? [])
            default: needs.verdicts = true
            }
        }
        return needs
    }

    /// Whether the condition is true; one that has no value is not.
    public func holds(_ facts: GoalFacts) -> Bool {
        expression.outcome(in: bindings(facts)).holds
    }

    private func bindings(_ facts: GoalFacts) -> Bindings {
        var values: [String: Value] = ["turns": .int(Int64(facts.turns))]
        for topic in needs.counts {
            values["count.\(topic.rawValue)"] = .int(Int64(facts.counts[topic] ?? 0))
        }
        for topic in needs.recent {
            let bodies = facts.recent[topic] ?? []
            values["recent.\(topic.rawValue)"] = .list(bodies.map { Value($0) })
            if let last = bodies.last { values["last.\(topic.rawValue)"] = Value(last) }
        }
        for kind in ["report", "intent"] {
            values["passed.\(kind)"] = .int(Int64(facts.passed[kind] ?? 0))
            values["failed.\(kind)"] = .int(Int64(facts.failed[kind] ?? 0))
        }
        return Bindings(values)
    }

    /// The text of the condition.
    public var description: String { expression.source }
}
