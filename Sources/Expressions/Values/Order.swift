// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Rounding is a call into the C library in debug builds; this import links its mathematics.
import Glibc

/// How two values lie to one another.
enum Order: Sendable {
    case before
    case same
    case after

    init<Element: Comparable>(_ left: Element, _ right: Element) {
        self = left < right ? .before : (left == right ? .same : .after)
    }

    /// Compares doubles; nil when either is NaN.
    init?(numbers left: Double, _ right: Double) {
        guard !left.isNaN, !right.isNaN else { return nil }
        self.init(left, right)
    }

    /// Compares integers of different types by their value.
    init(integers left: some BinaryInteger, _ right: some BinaryInteger) {
        self = left < right ? .before : (left == right ? .same : .after)
    }

    /// Compares an integer with a double exactly, with no rounding of the integer.
    ///
    /// Only the double that the greatest integer would be rounded to counts as that integer, as
    /// the language's reference data has it.
    init?<Integer: FixedWidthInteger>(integer: Integer, number: Double) {
        guard !number.isNaN else { return nil }
        let whole = number.rounded(.down)
        guard let floor = Integer(exactly: whole) else {
            let isBound = whole == Double(Integer.max) && integer == .max
            self = isBound ? .same : (number < 0 ? .after : .before)
            return
        }
        guard integer == floor else {
            self.init(integer, floor)
            return
        }
        self = number > whole ? .before : .same
    }

    /// Compares octet by octet, which for UTF-8 is also the order of code points.
    init<Octets: Sequence<UInt8>>(octets left: Octets, _ right: Octets) {
        var others = right.makeIterator()
        for octet in left {
            guard let other = others.next() else {
                self = .after
                return
            }
            if octet != other {
                self = octet < other ? .before : .after
                return
            }
        }
        self = others.next() == nil ? .same : .before
    }

    /// The order seen from the other side.
    var reversed: Order {
        switch self {
        case .before: .after
        case .same: .same
        case .after: .before
        }
    }
}
