// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension TimeSpan: CustomStringConvertible {
    /// The span in seconds, such as `3.5s`.
    public var description: String {
        let size = totalNanoseconds.magnitude
        let sign = totalNanoseconds < 0 ? "-" : ""
        let rest = Int32(size % 1_000_000_000)
        return "\(sign)\(size / 1_000_000_000)\(Timestamp.fraction(rest))s"
    }

    /// Reads groups of number and unit such as `1h30m` or `-1.5s`; nil when malformed or too long.
    ///
    /// Units are `h m s ms us ns`; a bare `0` is allowed. Digits below a nanosecond are dropped.
    public init?(_ text: String) {
        var reader = OctetReader(text)
        let isNegative = reader.accept("-")
        if !isNegative { _ = reader.accept("+") }
        if text.hasSuffix("0"), reader.accept("0"), reader.isAtEnd {
            self.init(totalNanoseconds: 0)
            return
        }
        guard !reader.isAtEnd else { return nil }
        // Summed as a magnitude so that the most negative span can be written.
        var total: UInt64 = 0
        while !reader.isAtEnd {
            guard let group = TimeSpan.group(from: &reader) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(group)
            guard !overflow, sum <= 1 << 63 else { return nil }
            total = sum
        }
        if isNegative {
            self.init(totalNanoseconds: Int64(truncatingIfNeeded: 0 &- total))
        } else {
            guard let nanoseconds = Int64(exactly: total) else { return nil }
            self.init(totalNanoseconds: nanoseconds)
        }
    }

    private static func group(from reader: inout OctetReader) -> UInt64? {
        var whole: UInt64 = 0
        var numerator: UInt64 = 0
        var denominator: UInt64 = 1
        var hasDigits = false
        while let digit = reader.digit() {
            hasDigits = true
            let (scaled, overflow) = whole.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            whole = sum
        }
        if reader.accept(".") {
            while let digit = reader.digit() {
                hasDigits = true
                guard denominator < 1_000_000_000_000_000 else { continue }
                numerator = numerator * 10 + UInt64(digit)
                denominator *= 10
            }
        }
        guard hasDigits, let unit = unit(from: &reader) else { return nil }
        let (nanoseconds, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        // The numerator is below the denominator, so the quotient is below the unit.
        let part = denominator.dividingFullWidth(unit.multipliedFullWidth(by: numerator)).quotient
        let (sum, carry) = nanoseconds.addingReportingOverflow(part)
        return carry ? nil : sum
    }

    private static func unit(from reader: inout OctetReader) -> UInt64? {
        if reader.accept("ns") { return 1 }
        if reader.accept("us") || reader.accept("µs") { return 1000 }
        if reader.accept("ms") { return 1_000_000 }
        if reader.accept("s" as Unicode.Scalar) { return 1_000_000_000 }
        if reader.accept("m" as Unicode.Scalar) { return 60_000_000_000 }
        if reader.accept("h" as Unicode.Scalar) { return 3_600_000_000_000 }
        return nil
    }
}
