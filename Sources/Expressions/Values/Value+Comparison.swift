// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Value {
    /// Tells whether two values are equal in the expression language.
    ///
    /// Numbers of all kinds lie on one line, NaN equals nothing, lists compare by element, maps by
    /// key whatever their order, and values of other differing types are unequal.
    public func equals(_ other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameOctets(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
        case (.map(let left), .map(let right)):
            left.equals(right)
        default:
            numericOrder(against: other) == .same
        }
    }

    /// The order of two values, nil where the language defines none (also with NaN).
    func order(against other: Value) -> Order? {
        switch (self, other) {
        case (.bool(let left), .bool(let right)): Order(left ? 1 : 0, right ? 1 : 0)
        case (.string(let left), .string(let right)): Order(octets: left.utf8, right.utf8)
        case (.bytes(let left), .bytes(let right)): Order(octets: left, right)
        case (.timestamp(let left), .timestamp(let right)): Order(left, right)
        case (.duration(let left), .duration(let right)): Order(left, right)
        default: numericOrder(against: other)
        }
    }

    /// Whether the language orders values of these two types at all.
    func isOrdered(against other: Value) -> Bool {
        switch (self, other) {
        case (.bool, .bool), (.string, .string), (.bytes, .bytes): true
        case (.timestamp, .timestamp), (.duration, .duration): true
        default: isNumber && other.isNumber
        }
    }

    /// Whether the value is a number of any kind.
    var isNumber: Bool {
        switch self {
        case .int, .uint, .double: true
        default: false
        }
    }

    private func numericOrder(against other: Value) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.double(let left), .double(let right)): Order(numbers: left, right)
        case (.uint(let left), .uint(let right)): Order(left, right)
        case (.int(let left), .uint(let right)): Order(integers: left, right)
        case (.uint(let left), .int(let right)): Order(integers: left, right)
        case (.int(let left), .double(let right)): Order(integer: left, number: right)
        case (.uint(let left), .double(let right)): Order(integer: left, number: right)
        case (.double(let left), .int(let right)): Order(integer: right, number: left)?.reversed
        case (.double(let left), .uint(let right)): Order(integer: right, number: left)?.reversed
        default: nil
        }
    }
}
