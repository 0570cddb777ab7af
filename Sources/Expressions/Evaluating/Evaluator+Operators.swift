// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    mutating func chain(_ first: Node, _ links: [Node.Link]) throws(ExpressionError) -> Value {
        var result = try evaluate(first)
        for (place, link) in links.enumerated() {
            let operand = try evaluate(link.operand)
            do throws(ExpressionError) {
                result = try apply(link.operation, result, operand, at: link.site)
            } catch {
                let isRange = place > 0 && link.operation.isOrdering && result.asBool != nil
                throw isRange ? error.hinting("; write 'a < x && x < b' for a range") : error
            }
        }
        return result
    }

    /// Applies a binary operator to two values.
    mutating func apply(
        _ operation: BinaryOperator,
        _ left: Value,
        _ right: Value,
        at site: Site
    ) throws(ExpressionError) -> Value {
        switch operation {
        case .equal, .unequal:
            let isEqual = try areEqual(left, right, at: site)
            return .bool(isEqual == (operation == .equal))
        case .contained: return .bool(try contains(right, left, at: site))
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            try spend(min(left.octetCount, right.octetCount), at: site)
            guard left.isOrdered(against: right) else {
                throw Arithmetic.mismatch(operation, left, right, at: site)
            }
            guard let order = left.order(against: right) else { return .bool(false) }
            return .bool(order.satisfies(operation))
        default:
            try spend(left.joinCost + right.joinCost, at: site)
            return try Arithmetic.apply(operation, left, right, at: site)
        }
    }

    /// Equality in the language's sense, with its work counted.
    mutating func areEqual(
        _ left: Value,
        _ right: Value,
        at site: Site
    ) throws(ExpressionError) -> Bool {
        switch (left, right) {
        case (.list(let first), .list(let second)):
            guard first.count == second.count else { return false }
            for place in first.indices
            where try !areEqual(first[place], second[place], at: site) {
                return false
            }
            return true
        case (.map(let first), .map(let second)):
            guard first.count == second.count else { return false }
            for place in 0..<first.count {
                try spend(first.keys[place].octetCount / 4, at: site)
                guard let other = second[first.keys[place]],
                    try areEqual(first.values[place], other, at: site)
                else { return false }
            }
            return true
        default:
            try spend(4 + min(left.octetCount, right.octetCount) / 8, at: site)
            return left.equals(right)
        }
    }

    private mutating func contains(
        _ container: Value,
        _ wanted: Value,
        at site: Site
    ) throws(ExpressionError) -> Bool {
        switch container {
        case .list(let elements):
            for element in elements where try areEqual(element, wanted, at: site) { return true }
            return false
        case .map(let map):
            try spend(wanted.octetCount / 4, at: site)
            return map[wanted] != nil
        default:
            throw Arithmetic.mismatch(.contained, wanted, container, at: site)
        }
    }

    /// Counts every value inside a value.
    mutating func spend(onContentsOf value: Value, at site: Site) throws(ExpressionError) {
        try spend(4 + value.octetCount / 8, at: site)
        switch value {
        case .list(let elements):
            for element in elements { try spend(onContentsOf: element, at: site) }
        case .map(let map):
            for key in map.keys { try spend(key.octetCount / 8, at: site) }
            for element in map.values { try spend(onContentsOf: element, at: site) }
        default: break
        }
    }
}

extension ExpressionError {
    /// The same error with a hint appended.
    func hinting(_ hint: String) -> ExpressionError {
        ExpressionError(code: code, message: message + hint, line: line, column: column)
    }
}

extension Order {
    /// Whether the order is what an ordering operator asks for.
    func satisfies(_ operation: BinaryOperator) -> Bool {
        switch operation {
        case .less: self == .before
        case .lessOrEqual: self != .after
        case .greater: self == .after
        case .greaterOrEqual: self != .before
        default: false
        }
    }
}

extension Value {
    /// Whether the value holds other values, or is a text or bytes of more than a few words.
    var isLarge: Bool {
        switch self {
        case .list, .map: true
        default: octetCount > 64
        }
    }

    /// The size of a text or of bytes, 0 for anything else.
    var octetCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .bytes(let octets): octets.count
        default: 0
        }
    }

    /// The fuel that joining the value to another takes.
    var joinCost: Int {
        if case .list(let elements) = self { return elements.count * 4 }
        return octetCount
    }
}
