// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

/// Reads the arguments of one call and says which of them is wrong.
struct BarArguments {
    /// The longest window; longer ones are refused.
    static let longestWindow = 10_000

    private let function: BarFunction
    private let arguments: [ColumnArgument]
    private let count: Int

    init(function: BarFunction, _ arguments: [ColumnArgument], count: Int) {
        self.function = function
        self.arguments = arguments
        self.count = count
    }

    func requireCount() throws(ExpressionError) {
        let inside = function.signature.drop { $0 != "(" }.dropFirst().dropLast()
        let expected = inside.split(separator: ",").count
        guard arguments.count == expected else {
            throw error("it takes \(expected) arguments and was given \(arguments.count)")
        }
    }

    /// A series; a number stands for a series of equal values.
    func series(_ index: Int) throws(ExpressionError) -> [Double] {
        switch arguments[index] {
        case .column(let values): return values
        case .constant(let value):
            guard let number = number(value) else {
                throw error("argument \(index + 1) must be a series or a number")
            }
            return [Double](repeating: number, count: count)
        }
    }

    /// A number of bars, which must be written as a whole number.
    func window(_ index: Int, least: Int = 1) throws(ExpressionError) -> Int {
        guard case .constant(let value) = arguments[index], let number = number(value),
            let bars = Int(exactly: number), bars >= least, bars <= Self.longestWindow
        else {
            throw error(
                "argument \(index + 1) must be a whole number from \(least) to "
                    + "\(Self.longestWindow)"
            )
        }
        return bars
    }

    /// A number above 0, which must be written out.
    func positive(_ index: Int) throws(ExpressionError) -> Double {
        guard case .constant(let value) = arguments[index], let number = number(value),
            number > 0, number.isFinite
        else {
            throw error("argument \(index + 1) must be a number above 0")
        }
        return number
    }

    func error(_ reason: String) -> ExpressionError {
        ExpressionError(code: .noMatchingOverload, message: "\(function.signature): \(reason)")
    }

    private func number(_ value: Value) -> Double? {
        switch value {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }
}
