// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The arithmetic of the language: equal types only, and errors instead of wrapping.
enum Arithmetic {
    static func apply(
        _ operation: BinaryOperator,
        _ left: Value,
        _ right: Value,
        at site: Site
    ) throws(ExpressionError) -> Value {
        let result: Value?
        switch (left, right) {
        case (.int(let first), .int(let second)):
            return .int(try integer(operation, first, second, at: site))
        case (.uint(let first), .uint(let second)):
            return .uint(try integer(operation, first, second, at: site))
        case (.double(let first), .double(let second)):
            result = number(operation, first, second).map { .double($0) }
        default:
            if operation == .add {
                result = try join(left, right, at: site)
            } else if operation == .subtract {
                result = try subtract(left, right, at: site)
            } else {
                result = nil
            }
        }
        guard let result else { throw mismatch(operation, left, right, at: site) }
        return result
    }

    static func overflow(at site: Site) -> ExpressionError {
        ExpressionError(.overflow, "the result does not fit 64 bits", at: site)
    }

    /// The error of operands whose types do not go together.
    static func mismatch(
        _ operation: BinaryOperator,
        _ left: Value,
        _ right: Value,
        at site: Site
    ) -> ExpressionError {
        var message = "no matching overload for "
        message += "\(left.typeName) \(operation.rawValue) \(right.typeName)"
        switch (left, right) {
        case (.int, .double), (.double, .int), (.uint, .double), (.double, .uint):
            if operation == .remainder {
                message += "; '%' takes integers, write int(x)"
            } else {
                message += "; write double(n) for the integer"
            }
        case (.int, .uint), (.uint, .int): message += "; write int(n) or uint(n) for one of them"
        case (.double, .double): message += "; '%' takes integers, write int(x)"
        case (.string(let text), _) where right.isNumber && Double(text) != nil,
            (_, .string(let text)) where left.isNumber && Double(text) != nil:
            message += "; write double(s) for the number in the string"
        default: break
        }
        return ExpressionError(.noMatchingOverload, message, at: site)
    }

    private static func integer<Integer: FixedWidthInteger>(
        _ operation: BinaryOperator,
        _ left: Integer,
        _ right: Integer,
        at site: Site
    ) throws(ExpressionError) -> Integer {
        let (result, didOverflow): (Integer, Bool)
        switch operation {
        case .add: (result, didOverflow) = left.addingReportingOverflow(right)
        case .subtract: (result, didOverflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, didOverflow) = left.multipliedReportingOverflow(by: right)
        default:
            guard right != 0 else {
                throw ExpressionError(.divideByZero, "an integer is divided by zero", at: site)
            }
            if operation == .divide {
                (result, didOverflow) = left.dividedReportingOverflow(by: right)
            } else {
                (result, didOverflow) = left.remainderReportingOverflow(dividingBy: right)
            }
        }
        guard !didOverflow else { throw overflow(at: site) }
        return result
    }

    private static func number(
        _ operation: BinaryOperator,
        _ left: Double,
        _ right: Double
    ) -> Double? {
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        default: nil
        }
    }

    private static func join(
        _ left: Value,
        _ right: Value,
        at site: Site
    ) throws(ExpressionError) -> Value? {
        switch (left, right) {
        case (.string(let first), .string(let second)): return .string(first + second)
        case (.bytes(let first), .bytes(let second)): return .bytes(first + second)
        case (.list(let first), .list(let second)): return .list(first + second)
        case (.timestamp(let instant), .duration(let span)),
            (.duration(let span), .timestamp(let instant)):
            return .timestamp(try inRange(instant.adding(span), at: site))
        case (.duration(let first), .duration(let second)):
            let (total, didOverflow) = first.totalNanoseconds
                .addingReportingOverflow(second.totalNanoseconds)
            return .duration(
                try inRange(didOverflow ? nil : .init(totalNanoseconds: total), at: site)
            )
        default: return nil
        }
    }

    private static func subtract(
        _ left: Value,
        _ right: Value,
        at site: Site
    ) throws(ExpressionError) -> Value? {
        switch (left, right) {
        case (.timestamp(let later), .timestamp(let earlier)):
            return .duration(try inRange(later.since(earlier), at: site))
        case (.timestamp(let instant), .duration(let span)):
            return .timestamp(try inRange(instant.subtracting(span), at: site))
        case (.duration(let first), .duration(let second)):
            let (total, didOverflow) = first.totalNanoseconds
                .subtractingReportingOverflow(second.totalNanoseconds)
            return .duration(
                try inRange(didOverflow ? nil : .init(totalNanoseconds: total), at: site)
            )
        default: return nil
        }
    }

    private static func inRange<Result>(
        _ result: Result?,
        at site: Site
    ) throws(ExpressionError) -> Result {
        guard let result else {
            let kind = Result.self == Timestamp.self ? "timestamps" : "durations"
            let message = "the result leaves the range of \(kind)"
            throw ExpressionError(.overflow, message, at: site)
        }
        return result
    }
}
