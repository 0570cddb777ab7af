// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension DecimalPowers {
    /// The double nearest to `digits` times ten to a power, ties to even; nil where these methods
    /// do not decide it.
    ///
    /// A whole number and a power of ten that are both exact give a correctly rounded quotient or
    /// product (Clinger 1990). Beyond that the product with a 128-bit power of five decides
    /// (Lemire, Number Parsing at a Gigabyte per Second, 2021).
    @inline(__always)
    func double(_ digits: UInt64, exponent: Int) -> Double? {
        if digits <= 1 << 53 {
            let whole = Double(Int64(bitPattern: digits))
            if exponent <= 0, exponent >= -Self.exactLimit { return whole / exact[-exponent] }
            if exponent > 0, exponent <= Self.exactLimit { return whole * exact[exponent] }
        }
        return wideDouble(digits, exponent: exponent)
    }

    @inline(__always)
    func wideDouble(_ digits: UInt64, exponent: Int) -> Double? {
        guard digits != 0, exponent >= -Self.limit, exponent <= Self.limit else { return nil }
        let zeros = digits.leadingZeroBitCount
        let normal = digits << UInt64(truncatingIfNeeded: zeros)
        let power = wide[exponent + Self.limit]
        var (high, low) = normal.multipliedFullWidth(by: power.high)
        if high & 0x1FF == 0x1FF {
            let more = normal.multipliedFullWidth(by: power.low).high
            let (sum, overflow) = low.addingReportingOverflow(more)
            low = sum
            if overflow { high &+= 1 }
            // So close to a limit that the bits cut off could decide.
            if low == .max, exponent < -27 || exponent > 55 { return nil }
        }
        let upper = Int(truncatingIfNeeded: high >> 63)
        let shift = UInt64(truncatingIfNeeded: upper + 9)
        var mantissa = high >> shift
        // floor(exponent · log2(10)), by a fraction that is right for these exponents.
        var binary = (217_706 &* exponent) >> 16 &+ 63 &+ upper &- zeros &+ 1023
        let mayBeTie = low <= 1 && exponent >= -4 && exponent <= 23 && mantissa & 3 == 1
        if mayBeTie, mantissa << shift == high { mantissa &= ~1 }
        mantissa = (mantissa &+ (mantissa & 1)) >> 1
        if mantissa >= 1 << 53 {
            mantissa = 1 << 52
            binary &+= 1
        }
        let bits = UInt64(truncatingIfNeeded: binary) << 52 | mantissa & ~(1 << 52)
        return Double(bitPattern: bits)
    }
}
