// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A point of desk time in UTC, to the nanosecond, from 1677 to 2262.
public struct Instant: BitwiseCopyable, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let nanosecondsSinceEpoch: Int64

    /// Creates the instant so many nanoseconds after 1970-01-01T00:00:00Z.
    public init(nanosecondsSinceEpoch: Int64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    /// Creates the instant so many whole seconds after 1970-01-01T00:00:00Z, from 1677 to 2262.
    public init(secondsSinceEpoch: Int64) {
        let (nanoseconds, overflow) = secondsSinceEpoch.multipliedReportingOverflow(
            by: 1_000_000_000
        )
        precondition(!overflow, "an Instant lies between the years 1677 and 2262")
        self.nanosecondsSinceEpoch = nanoseconds
    }

    /// Creates the instant on a date from 1678 to 2261, so many seconds after midnight UTC.
    public init(_ date: CalendarDate, secondOfDay: Int = 0) {
        self.init(secondsSinceEpoch: Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay))
    }

    /// Reads RFC 3339 (`2000-03-01T21:00:00Z`, fractions and offsets allowed) or a bare date,
    /// which means midnight UTC; nil for anything else and outside 1677 to 2262.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10,
            let date = CalendarDate(String(decoding: bytes[..<10], as: UTF8.self))
        else { return nil }
        guard let time = bytes.count == 10 ? .midnight : TimeOfDay(bytes[10...]) else { return nil }
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + time.seconds
        // Multiplied in the direction of zero, so that the very first nanosecond is reached.
        let (whole, rest) =
            seconds < 0
            ? (seconds + 1, time.nanoseconds - 1_000_000_000) : (seconds, time.nanoseconds)
        let (scaled, isTooFar) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        let (nanoseconds, isOutside) = scaled.addingReportingOverflow(rest)
        guard !isTooFar, !isOutside else { return nil }
        self.init(nanosecondsSinceEpoch: nanoseconds)
    }

    /// The whole seconds since 1970, rounded down.
    public var secondsSinceEpoch: Int64 {
        let (quotient, remainder) = nanosecondsSinceEpoch.quotientAndRemainder(
            dividingBy: 1_000_000_000
        )
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The UTC date on which the instant lies.
    public var date: CalendarDate {
        let (days, remainder) = secondsSinceEpoch.quotientAndRemainder(dividingBy: 86_400)
        return CalendarDate(daysSinceEpoch: Int(remainder < 0 ? days - 1 : days))
    }

    /// Returns the instant so many seconds later.
    public func adding(seconds: Int64) -> Instant {
        Instant(nanosecondsSinceEpoch: nanosecondsSinceEpoch + seconds * 1_000_000_000)
    }

    /// RFC 3339 in UTC, with as many decimals of a second as are needed.
    public var description: String {
        let day = date
        let second = Int(secondsSinceEpoch - Int64(day.daysSinceEpoch) * 86_400)
        let clock =
            "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        let remainder = Int(nanosecondsSinceEpoch % 1_000_000_000)
        let fraction = remainder < 0 ? remainder + 1_000_000_000 : remainder
        guard fraction != 0 else { return "\(day)T\(clock)Z" }
        var digits = padded(fraction, 9)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(day)T\(clock).\(digits)Z"
    }

    /// Orders instants from earlier to later.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

/// The part of an RFC 3339 time stamp behind the date.
private struct TimeOfDay {
    var seconds: Int64
    var nanoseconds: Int64 = 0

    static let midnight = TimeOfDay(seconds: 0)

    private init(seconds: Int64) {
        self.seconds = seconds
    }

    init?(_ text: ArraySlice<UInt8>) {
        let bytes = Array(text)
        guard bytes.count >= 10, bytes[0] == 0x54 || bytes[0] == 0x20,
            bytes[3] == 0x3A, bytes[6] == 0x3A,
            let hour = decimal(bytes[1..<3]), let minute = decimal(bytes[4..<6]),
            let second = decimal(bytes[7..<9]), hour < 24, minute < 60, second < 60
        else { return nil }
        seconds = Int64(hour * 3600 + minute * 60 + second)
        var rest = bytes[9...]
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count), let value = decimal(digits) else { return nil }
            nanoseconds = Int64(value)
            for _ in digits.count..<9 { nanoseconds *= 10 }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = Self.offset(Array(rest)) else { return nil }
        seconds -= offset
    }

    private static func offset(_ zone: [UInt8]) -> Int64? {
        if zone == [0x5A] { return 0 }
        guard zone.count == 6, zone[3] == 0x3A, zone[0] == 0x2B || zone[0] == 0x2D,
            let hours = decimal(zone[1..<3]), let minutes = decimal(zone[4..<6]),
            hours < 24, minutes < 60
        else { return nil }
        let size = Int64(hours * 3600 + minutes * 60)
        return zone[0] == 0x2D ? -size : size
    }
}
