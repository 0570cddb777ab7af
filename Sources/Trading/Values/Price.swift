// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The price of one unit of an instrument, above zero and exact to eight places.
public struct Price: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The highest price that is accepted.
    public static let highest = Decimal8(1_000_000_000)

    /// The number.
    public let value: Decimal8

    /// Checks a price.
    /// - Throws: A ``TradingError`` with code `invalidPrice`.
    public init(_ value: Decimal8) throws(TradingError) {
        guard value > .zero, value <= Self.highest else {
            throw TradingError(
                .invalidPrice,
                "use price \(value)",
                "it must lie above 0 and be at most \(Self.highest)"
            )
        }
        self.value = value
    }

    private init(unchecked value: Decimal8) {
        self.value = value
    }

    /// The price moved against the given side by a fraction, rounded half to even at eight places.
    ///
    /// A buyer pays more and a seller gets less, within the range of prices.
    func worsened(for side: Side, by rate: Decimal8) -> Price {
        let slip = value * rate
        let moved = side == .buy ? value + slip : value - slip
        return Price(unchecked: min(max(moved, Decimal8(units: 1)), Self.highest))
    }

    /// The number in plain digits.
    public var description: String { value.description }

    /// Orders prices from low to high.
    public static func < (left: Price, right: Price) -> Bool { left.value < right.value }
}
