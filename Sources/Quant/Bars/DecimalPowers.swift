// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The powers of ten that turning decimal digits into doubles needs, computed once.
///
/// The memory is filled before the value is shared, never written again and never freed.
struct DecimalPowers: @unchecked Sendable {
    /// One power of five, cut to its upper 128 bits with the highest bit set.
    struct Wide {
        let high: UInt64
        let low: UInt64
    }

    static let shared = DecimalPowers()

    /// The powers of ten from 0 to 22, which a double holds exactly.
    let exact: UnsafePointer<Double>
    /// The powers of ten from 0 to 19.
    let whole: UnsafePointer<UInt64>
    /// The powers of five from `-limit` to `limit`.
    let wide: UnsafePointer<Wide>

    /// The greatest exponent of ten, in size, that the table of 128-bit powers covers.
    static let limit = 40
    static let exactLimit = 22

    private init() {
        let exact = UnsafeMutablePointer<Double>.allocate(capacity: Self.exactLimit + 1)
        let whole = UnsafeMutablePointer<UInt64>.allocate(capacity: 20)
        let wide = UnsafeMutablePointer<Wide>.allocate(capacity: 2 * Self.limit + 1)
        var power = 1.0
        for index in 0...Self.exactLimit {
            (exact + index).initialize(to: power)
            power *= 10
        }
        var number: UInt64 = 1
        for index in 0..<20 {
            (whole + index).initialize(to: number)
            number = number &* 10
        }
        for exponent in -Self.limit...Self.limit {
            (wide + exponent + Self.limit).initialize(to: Self.powerOfFive(exponent))
        }
        self.exact = UnsafePointer(exact)
        self.whole = UnsafePointer(whole)
        self.wide = UnsafePointer(wide)
    }

    /// The upper 128 bits of a power of five: cut off for a positive exponent, rounded up for a
    /// negative one, as Lemire's method (2021) asks for.
    private static func powerOfFive(_ exponent: Int) -> Wide {
        // Limbs of 32 bits, the lowest first.
        var limbs: [UInt32] = [1]
        for _ in 0..<abs(exponent) { multiply(&limbs, by: 5) }
        guard exponent < 0 else { return upperBits(of: limbs) }
        // 2 to a power that leaves more than 128 bits, divided by five again and again.
        var quotient = [UInt32](repeating: 0, count: 2 * limbs.count + 6)
        quotient[quotient.count - 1] = 1
        for _ in 0..<(-exponent) { divide(&quotient, by: 5) }
        let upper = upperBits(of: quotient)
        let (low, overflow) = upper.low.addingReportingOverflow(1)
        return Wide(high: upper.high &+ (overflow ? 1 : 0), low: low)
    }

    private static func multiply(_ limbs: inout [UInt32], by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * factor + carry
            limbs[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    private static func divide(_ limbs: inout [UInt32], by divisor: UInt64) {
        var remainder: UInt64 = 0
        for index in limbs.indices.reversed() {
            let dividend = remainder << 32 | UInt64(limbs[index])
            limbs[index] = UInt32(dividend / divisor)
            remainder = dividend % divisor
        }
    }

    private static func upperBits(of limbs: [UInt32]) -> Wide {
        let top = limbs.lastIndex { $0 != 0 } ?? 0
        let length = top * 32 + (32 - limbs[top].leadingZeroBitCount)
        var high: UInt64 = 0
        var low: UInt64 = 0
        for bit in 0..<128 {
            let position = length - 1 - bit
            let isSet = position >= 0 && limbs[position / 32] >> UInt32(position % 32) & 1 == 1
            high = high << 1 | low >> 63
            low = low << 1 | (isSet ? 1 : 0)
        }
        return Wide(high: high, low: low)
    }
}
