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
}
