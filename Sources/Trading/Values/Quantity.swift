// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A number of units of an instrument, above zero and exact to eight places.
public struct Quantity: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The largest quantity that is accepted.
    public static let largest = Decimal8(1_000_000_000)

    /// The number.
    public let value: Decimal8

    /// Checks a quantity.
    /// - Throws: A ``TradingError`` with code `invalidQuantity`.
    public init(_ value: Decimal8) throws(TradingError) {
        guard value > .zero, value <= Self.largest else {
            throw TradingError(
                .invalidQuantity,
                "use quantity \(value)",
                "it must lie above 0 and be at most \(Self.largest)"
            )
        }
        self.value = value
    }

    /// The number in plain digits.
    public var description: String { value.description }

    /// Orders quantities from small to large.
    public static func < (left: Quantity, right: Quantity) -> Bool { left.value < right.value }
}
