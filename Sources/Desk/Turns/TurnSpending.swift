// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a turn has cost for language models, as far as it is known.
public struct TurnSpending: Sendable, Hashable {
    /// Tokens that went in and came out.
    public private(set) var tokens: Int
    /// Money; nil when nobody knows.
    public private(set) var money: Decimal8?

    /// What one turn can cost at most; more is taken for a fault.
    public static let limits = (tokens: 1_000_000_000_000, money: Decimal8(1_000_000))

    /// Bundles a cost.
    public init(tokens: Int, money: Decimal8?) {
        self.tokens = tokens
        self.money = money
    }

    /// Reads `tokens` and `cost` of an answer; nil when it tells no tokens.
    /// - Throws: A ``DeskError`` for what cannot be a cost.
    init?(_ result: JSON, from agent: String) throws(DeskError) {
        guard let told = result["tokens"] else { return nil }
        guard let tokens = told.intValue, (0...Self.limits.tokens).contains(tokens) else {
            throw DeskError(
                code: .contract,
                file: agent,
                message: "tokens: found \(told.compactText.prefix(40)); expected a whole number"
            )
        }
        var money: Decimal8?
        if let cost = result["cost"] {
            money = cost.stringValue.flatMap { Decimal8($0) }
            guard let money, money >= .zero, money <= Self.limits.money else {
                throw DeskError(
                    code: .contract,
                    file: agent,
                    message: "cost: found \(cost.compactText.prefix(40)); expected a text such as"
                        + " \"0.25\", at most \(Self.limits.money)"
                )
            }
        }
        self.init(tokens: tokens, money: money)
    }

    /// The members of an answer that tell it.
    public var members: [JSON.Member] {
        [JSON.Member("tokens", .int(Int64(tokens)))]
            + (money.map { [JSON.Member("cost", .string($0.description))] } ?? [])
    }

    /// The lines of a commit's message that tell it.
    var trailers: [String] {
        ["Tokens: \(tokens)"] + (money.map { ["Cost: \($0)"] } ?? [])
    }

    /// Reads the lines of a commit's message; nil when they tell nothing.
    init?(tokens: String?, cost: String?) {
        guard let tokens = tokens.flatMap({ Int($0) }) else { return nil }
        self.init(tokens: tokens, money: cost.flatMap { Decimal8($0) })
    }

    /// What two attempts have cost together; nil when neither cost anything.
    public static func sum(_ one: TurnSpending?, _ other: TurnSpending?) -> TurnSpending? {
        guard let one, let other else { return one ?? other }
        let money = one.money.flatMap { left in other.money.map { left + $0 } }
        return TurnSpending(tokens: one.tokens + other.tokens, money: money)
    }
}
