// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An exact decimal number with eight places, held as a scaled 64-bit integer.
///
/// The range is about ±92 billion. Sums are exact and trap on overflow like `Int64`; products and
/// quotients are rounded half to even at the eighth place.
public struct Decimal8: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number times 100,000,000.
    public let units: Int64

    /// The units in one.
    public static let scale: Int64 = 100_000_000

    /// Zero.
    public static let zero = Decimal8(units: 0)

    /// Creates a number from its value times 100,000,000.
    public init(units: Int64) {
        self.units = units
    }

    /// Creates a whole number.
    public init(_ whole: Int) {
        self.units = Int64(whole) * Self.scale
    }

    /// Rounds a binary number to eight places; nil when it is not finite or out of range.
    public init?(rounding value: Double) {
        let scaled = (value * Double(Self.scale)).rounded(.toNearestOrEven)
        guard let units = Int64(exactly: scaled) else { return nil }
        self.units = units
    }

    /// Reads `-12.5`; nil for exponents, more than eight decimals, or anything that is no number.
    public init?(_ text: some StringProtocol) {
        var digits = Array(text.utf8)[...]
        let isNegative = digits.first == 0x2D
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ decimal($0) }) else { return nil }
        var fraction: UInt64 = 0
        if parts.count == 2 {
            guard parts[1].count <= 8, let value = decimal(parts[1]) else { return nil }
            fraction = UInt64(value)
            for _ in parts[1].count..<8 { fraction *= 10 }
        }
        let (scaled, overflow) = UInt64(whole).multipliedReportingOverflow(by: UInt64(Self.scale))
        guard !overflow, scaled <= Int64.min.magnitude else { return nil }
        let size = scaled + fraction
        guard size <= Int64.max.magnitude || (isNegative && size == Int64.min.magnitude) else {
            return nil
        }
        self.units = isNegative ? Int64(truncatingIfNeeded: 0 &- size) : Int64(size)
    }

    /// The nearest binary number, for statistics and display only.
    public var doubleValue: Double {
        Double(units) / Double(Self.scale)
    }

    /// The whole part, rounded towards zero.
    public var wholePart: Int {
        Int(units / Self.scale)
    }

    /// Whether the number is below zero.
    public var isNegative: Bool { units < 0 }

    /// The number without its sign.
    public var magnitude: Decimal8 { Decimal8(units: abs(units)) }

    /// The number in plain digits, with no more decimals than needed.
    public var description: String {
        let size = units.magnitude
        let whole = size / UInt64(Self.scale)
        let fraction = size % UInt64(Self.scale)
        let sign = units < 0 ? "-" : ""
        guard fraction != 0 else { return "\(sign)\(whole)" }
        var digits = padded(Int(fraction), 8)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }

    /// Returns the number rounded half to even to so many decimal places, at most eight.
    public func rounded(places: Int) -> Decimal8 {
        precondition((0...8).contains(places), "a Decimal8 has from 0 to 8 places")
        var step: Int64 = 1
        for _ in places..<8 { step *= 10 }
        return Decimal8(
            units: Self.divide(high: units >> 63, low: UInt64(bitPattern: units), by: step) * step
        )
    }

    /// Orders numbers by value.
    public static func < (left: Decimal8, right: Decimal8) -> Bool { left.units < right.units }

    /// Adds exactly.
    public static func + (left: Decimal8, right: Decimal8) -> Decimal8 {
        Decimal8(units: left.units + right.units)
    }

    /// Subtracts exactly.
    public static func - (left: Decimal8, right: Decimal8) -> Decimal8 {
        Decimal8(units: left.units - right.units)
    }

    /// Changes the sign.
    public static prefix func - (value: Decimal8) -> Decimal8 { Decimal8(units: -value.units) }

    /// Multiplies, rounding half to even at the eighth place.
    public static func * (left: Decimal8, right: Decimal8) -> Decimal8 {
        let product = left.units.multipliedFullWidth(by: right.units)
        return Decimal8(units: divide(high: product.high, low: product.low, by: scale))
    }

    /// Divides, rounding half to even at the eighth place; the divisor must not be zero.
    public static func / (left: Decimal8, right: Decimal8) -> Decimal8 {
        precondition(right.units != 0, "a Decimal8 cannot be divided by zero")
        let product = left.units.multipliedFullWidth(by: scale)
        return Decimal8(units: divide(high: product.high, low: product.low, by: right.units))
    }

    /// Adds in place.
    public static func += (left: inout Decimal8, right: Decimal8) { left = left + right }

    /// Subtracts in place.
    public static func -= (left: inout Decimal8, right: Decimal8) { left = left - right }

    private static func divide(high: Int64, low: UInt64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = divisor.dividingFullWidth((high, low))
        let twice = remainder.magnitude.multipliedReportingOverflow(by: 2)
        let isMoreThanHalf = twice.overflow || twice.partialValue > divisor.magnitude
        let isHalf = !twice.overflow && twice.partialValue == divisor.magnitude
        guard isMoreThanHalf || (isHalf && quotient % 2 != 0) else { return quotient }
        return (high < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
    }
}
