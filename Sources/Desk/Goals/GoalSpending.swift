// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What turns have cost.
public struct GoalSpending: Sendable, Hashable {
    /// How many turns there were.
    public var turns: Int
    /// The tokens of language models.
    public var tokens: Int
    /// The money for language models.
    public var money: Decimal8

    /// Creates a sum.
    public init(turns: Int = 0, tokens: Int = 0, money: Decimal8 = .zero) {
        self.turns = turns
        self.tokens = tokens
        self.money = money
    }

    /// Adds what other turns have cost.
    public static func += (sum: inout GoalSpending, other: GoalSpending) {
        sum.turns += other.turns
        let (tokens, overflow) = sum.tokens.addingReportingOverflow(other.tokens)
        sum.tokens = overflow ? .max : tokens
        sum.money = sum.money + other.money
    }
}
