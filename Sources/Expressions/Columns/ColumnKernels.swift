// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The loops of column operations.
enum ColumnKernels {
    /// Arithmetic; nil for an operator that is none, or not one of doubles.
    static func arithmetic(
        _ operation: BinaryOperator,
        _ left: Lanes<Double>,
        _ right: Lanes<Double>,
        count: Int
    ) -> [Double]? {
        switch operation {
        case .add: left.combined(with: right, count: count) { finite($0 + $1) }
        case .subtract: left.combined(with: right, count: count) { finite($0 - $1) }
        case .multiply: left.combined(with: right, count: count) { finite($0 * $1) }
        case .divide: left.combined(with: right, count: count) { finite($0 / $1) }
        default: nil
        }
    }

    /// Comparison of numbers; nil for an operator that is none.
    static func comparison(
        _ operation: BinaryOperator,
        _ left: Lanes<Double>,
        _ right: Lanes<Double>,
        count: Int
    ) -> [Ternary]? {
        switch operation {
        case .equal: left.combined(with: right, count: count) { truth($0, $1, $0 == $1) }
        case .unequal: left.combined(with: right, count: count) { truth($0, $1, $0 != $1) }
        case .less: left.combined(with: right, count: count) { truth($0, $1, $0 < $1) }
        case .lessOrEqual: left.combined(with: right, count: count) { truth($0, $1, $0 <= $1) }
        case .greater: left.combined(with: right, count: count) { truth($0, $1, $0 > $1) }
        case .greaterOrEqual: left.combined(with: right, count: count) { truth($0, $1, $0 >= $1) }
        default: nil
        }
    }

    /// Comparison of truth values, of which no comes before yes; nil for an operator that is none.
    static func comparison(
        _ operation: BinaryOperator,
        _ left: Lanes<Ternary>,
        _ right: Lanes<Ternary>,
        count: Int
    ) -> [Ternary]? {
        guard operation.level == .relation, operation != .contained else { return nil }
        return left.combined(with: right, count: count) { first, second in
            guard first != .missing, second != .missing else { return .missing }
            let order = Order(first.rawValue, second.rawValue)
            return switch operation {
            case .equal: Ternary(order == .same)
            case .unequal: Ternary(order != .same)
            default: Ternary(order.satisfies(operation))
            }
        }
    }

    /// `&&`: the lesser of no, missing and yes.
    static func and(_ left: Lanes<Ternary>, _ right: Lanes<Ternary>, count: Int) -> [Ternary] {
        left.combined(with: right, count: count) { $0.rawValue < $1.rawValue ? $0 : $1 }
    }

    /// `||`: the greater of no, missing and yes.
    static func or(_ left: Lanes<Ternary>, _ right: Lanes<Ternary>, count: Int) -> [Ternary] {
        left.combined(with: right, count: count) { $0.rawValue > $1.rawValue ? $0 : $1 }
    }

    /// `!`.
    static func not(_ operand: Lanes<Ternary>, count: Int) -> [Ternary] {
        operand.mapped(count: count) { $0 == .yes ? .no : ($0 == .no ? .yes : .missing) }
    }

    /// `?:`, with a value for rows whose condition is missing.
    static func choose<Element: Sendable>(
        _ condition: [Ternary],
        _ first: Lanes<Element>,
        _ second: Lanes<Element>,
        missing: Element
    ) -> [Element] {
        let count = condition.count
        let chosen = Lanes<Ternary>.rows(condition).combined(with: first, count: count) {
            $0 == .yes ? $1 : missing
        }
        // Rows that are not "no" keep what the first pass chose.
        var results = chosen
        switch second {
        case .rows(let rows):
            for row in 0..<count where condition[row] == .no { results[row] = rows[row] }
        case .same(let element):
            for row in 0..<count where condition[row] == .no { results[row] = element }
        }
        return results
    }

    /// The number, or NaN when it is infinite.
    @inline(__always)
    static func finite(_ number: Double) -> Double {
        // An infinity less itself is NaN, a finite number less itself is zero.
        number - number == 0 ? number : .nan
    }

    @inline(__always)
    private static func truth(_ left: Double, _ right: Double, _ flag: Bool) -> Ternary {
        left.isNaN || right.isNaN ? .missing : (flag ? .yes : .no)
    }
}
