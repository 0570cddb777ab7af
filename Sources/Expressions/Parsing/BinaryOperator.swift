// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The operators between two operands, other than the logical ones.
enum BinaryOperator: String, Sendable, Hashable {
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case add = "+"
    case subtract = "-"
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"

    /// How tightly operators bind, loosest first.
    enum Level: Sendable {
        case relation, sum, product

        /// The next tighter level, nil for the tightest.
        var tighter: Level? {
            switch self {
            case .relation: .sum
            case .sum: .product
            case .product: nil
            }
        }
    }

    /// Makes the operator a token stands for; nil when it is none of that level.
    init?(_ token: Token, level: Level) {
        let operation: BinaryOperator
        switch token {
        case .keyword(.in): operation = .contained
        case .sign(.times): operation = .multiply
        case .sign(.divide): operation = .divide
        case .sign(.remainder): operation = .remainder
        case .sign(.plus): operation = .add
        case .sign(.minus): operation = .subtract
        case .sign(.equal): operation = .equal
        case .sign(.unequal): operation = .unequal
        case .sign(.less): operation = .less
        case .sign(.lessOrEqual): operation = .lessOrEqual
        case .sign(.greater): operation = .greater
        case .sign(.greaterOrEqual): operation = .greaterOrEqual
        default: return nil
        }
        guard operation.level == level else { return nil }
        self = operation
    }

    /// The level of the operator.
    var level: Level {
        switch self {
        case .multiply, .divide, .remainder: .product
        case .add, .subtract: .sum
        default: .relation
        }
    }

    /// Whether the operator asks for the order of its operands.
    var isOrdering: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }
}
