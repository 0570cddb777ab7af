// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Expressions

/// What one rule said about one subject, with the values that it read.
public struct Judgement: Sendable {
    /// The rule.
    public let rule: Rule
    /// The names it reads and their values at the time, sorted by name.
    public let values: [(path: String, value: Value)]
    /// The outcome; only `holds` lets the subject pass.
    public let outcome: PredicateOutcome

    init(rule: Rule, values: [(String, Value)], outcome: PredicateOutcome) {
        self.rule = rule
        self.values = values
        self.outcome = outcome
    }

    /// Whether the rule is satisfied.
    public var holds: Bool { outcome.holds }

    /// Why the rule does not hold, for people; the empty text when it does.
    public var reason: String {
        switch outcome {
        case .holds: ""
        case .fails:
            values.map { "\($0.path) is \($0.value)" }.joined(separator: ", ")
        case .notBoolean(let value): "the predicate gives \(value), which is neither true nor false"
        case .error(let error): "the predicate cannot be evaluated: \(error)"
        }
    }

    /// The judgement as it stands in a verdict.
    /// - Parameter skill: The name of the skill that the rule is from.
    /// - Returns: An object whose members are in a fixed order.
    public func json(of skill: String) -> JSON {
        [
            "skill": .string(skill),
            "rule": .string(rule.text),
            "predicate": .string(rule.predicate.source),
            "line": .int(Int64(rule.line)),
            "holds": .bool(holds),
            "values": .object(values.map { .init($0.path, JSON($0.value)) }),
            "reason": .string(reason),
        ]
    }
}
