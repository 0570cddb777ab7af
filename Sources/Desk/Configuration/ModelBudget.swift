// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What may be spent on models, by one agent or by the whole desk; a limit that is nil does not
/// bind.
public struct ModelBudget: Sendable, Hashable {
    /// The most tokens ever.
    public var tokens: Int?
    /// The most money ever.
    public var money: Decimal8?
    /// The most tokens on one day of the calendar, in UTC.
    public var dayTokens: Int?
    /// The most money on one day.
    public var dayMoney: Decimal8?

    /// No limits.
    public init() {}

    /// Whether money is limited, so that a model without prices cannot be paid.
    public var limitsMoney: Bool { money != nil || dayMoney != nil }

    /// Reads a text of its own, which holds what stands below `budget:`; for tests.
    /// - Throws: A ``DeskError`` with every fault.
    package static func parse(_ text: String) throws(DeskError) -> ModelBudget {
        var reader = try YAMLReader("budget: \(text)", file: "desk", code: .configuration)
        let budget = read(&reader, "budget", in: reader.root)
        try reader.finish()
        return budget
    }

    /// Reads a budget by its name; one without limits when it is absent.
    static func read(
        _ reader: inout YAMLReader,
        _ name: String,
        in node: YAMLNode,
        path: String = ""
    ) -> ModelBudget {
        var budget = ModelBudget()
        guard node[name] != nil, let inner = reader.mapping(name, in: node, path: path) else {
            return budget
        }
        let place = "\(path)\(name)."
        reader.allowOnly(
            ["tokens", "money", "tokens_a_day", "money_a_day"],
            in: inner,
            path: place
        )
        func limit<Value>(
            _ key: String,
            _ expected: String,
            _ read: (String) -> Value?
        ) -> Value? {
            guard inner[key] != nil else { return nil }
            return reader.scalar(key, in: inner, path: place, expected: expected, read)
        }
        let count = "a whole number from 0"
        let amount = "an amount from 0, such as 5.00"
        func tokens(_ text: String) -> Int? { Int(text).flatMap { $0 >= 0 ? $0 : nil } }
        func money(_ text: String) -> Decimal8? {
            Decimal8(text).flatMap { $0.isNegative ? nil : $0 }
        }
        budget.tokens = limit("tokens", count, tokens)
        budget.money = limit("money", amount, money)
        budget.dayTokens = limit("tokens_a_day", count, tokens)
        budget.dayMoney = limit("money_a_day", amount, money)
        return budget
    }
}
