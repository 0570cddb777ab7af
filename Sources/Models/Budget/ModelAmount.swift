// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Tokens and money.
public struct ModelAmount: Sendable, Hashable {
    /// Tokens of all kinds.
    public var tokens: Int
    /// Money.
    public var money: Decimal8

    /// Bundles an amount.
    public init(tokens: Int = 0, money: Decimal8 = .zero) {
        self.tokens = tokens
        self.money = money
    }

    /// The sum; it stays at the largest number where it would be larger.
    public static func + (left: ModelAmount, right: ModelAmount) -> ModelAmount {
        let (tokens, tooMany) = left.tokens.addingReportingOverflow(right.tokens)
        let (units, tooMuch) = left.money.units.addingReportingOverflow(right.money.units)
        return ModelAmount(
            tokens: tooMany ? .max : tokens,
            money: Decimal8(units: tooMuch ? .max : units)
        )
    }

    var json: JSON {
        ["tokens": .int(Int64(tokens)), "money": .string(money.description)]
    }

    init(json: JSON, path: String) throws(JSONError) {
        let fields = try JSONFields(json, path: path)
        let (tokens, money) = (try fields.int("tokens"), try fields.decimal("money"))
        guard tokens >= 0, !money.isNegative else {
            throw JSONError("\(path): expected amounts from 0")
        }
        self.init(tokens: tokens, money: money)
    }
}
