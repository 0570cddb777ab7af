// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// An amount of the account's currency, of either sign.
///
/// Money keeps eight places. A product is rounded once, half to even, when it is made; sums are
/// exact. So an account's cash is the exact sum of its fills, to the last digit.
public struct Money: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The largest notional of one order, and a quarter of what an account can hold.
    public static let largestNotional = Decimal8(10_000_000_000)

    /// Nothing.
    public static let zero = Money(.zero)

    /// The amount.
    public let value: Decimal8

    /// Wraps an amount.
    public init(_ value: Decimal8) {
        self.value = value
    }

    /// The worth of a quantity at a price; nil beyond ``largestNotional``.
    public init?(_ price: Price, _ quantity: Quantity) {
        let estimate = price.value.doubleValue * quantity.value.doubleValue
        guard estimate <= Self.largestNotional.doubleValue else { return nil }
        value = price.value * quantity.value
    }

    /// The part of an amount that a rate takes, rounded half to even at eight places.
    public func times(_ rate: Decimal8) -> Money { Money(value * rate) }

    /// The amount in plain digits.
    public var description: String { value.description }

    /// Orders amounts from small to large.
    public static func < (left: Money, right: Money) -> Bool { left.value < right.value }

    /// Adds exactly.
    public static func + (left: Money, right: Money) -> Money { Money(left.value + right.value) }

    /// Subtracts exactly.
    public static func - (left: Money, right: Money) -> Money { Money(left.value - right.value) }

    /// Changes the sign.
    public static prefix func - (amount: Money) -> Money { Money(-amount.value) }

    /// Adds in place.
    public static func += (left: inout Money, right: Money) { left = left + right }
}
