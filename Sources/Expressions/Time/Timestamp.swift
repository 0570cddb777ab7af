// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An instant between the years 0001 and 9999, to the nanosecond.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public let seconds: Int64
    /// Nanoseconds after ``seconds``, 0 to 999 999 999.
    public let nanoseconds: Int32

    /// The first second of the year 0001.
    static let earliestSecond: Int64 = -62_135_596_800
    /// The last second of the year 9999.
    static let latestSecond: Int64 = 253_402_300_799

    /// Makes an instant; nil outside the years 0001 to 9999 or with nanoseconds out of range.
    public init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard (Timestamp.earliestSecond...Timestamp.latestSecond).contains(seconds),
            (0..<1_000_000_000).contains(nanoseconds)
        else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    private init(uncheckedSeconds seconds: Int64) {
        self.seconds = seconds
        nanoseconds = 0
    }

    /// 1970-01-01T00:00:00Z.
    static let epoch = Timestamp(uncheckedSeconds: 0)

    /// Tells which of two instants is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// Returns the instant later by a time span; nil when it leaves the range.
    public func adding(_ span: TimeSpan) -> Timestamp? {
        moved(bySeconds: span.seconds, nanoseconds: span.nanoseconds)
    }

    /// Returns the instant earlier by a time span; nil when it leaves the range.
    public func subtracting(_ span: TimeSpan) -> Timestamp? {
        moved(bySeconds: -span.seconds, nanoseconds: -span.nanoseconds)
    }

    private func moved(bySeconds wholes: Int64, nanoseconds rest: Int32) -> Timestamp? {
        var second = seconds + wholes
        var nanosecond = nanoseconds + rest
        if nanosecond < 0 {
            nanosecond += 1_000_000_000
            second -= 1
        } else if nanosecond >= 1_000_000_000 {
            nanosecond -= 1_000_000_000
            second += 1
        }
        return Timestamp(seconds: second, nanoseconds: nanosecond)
    }

    /// Returns the time span since an earlier instant; nil when it leaves the range of spans.
    public func since(_ other: Timestamp) -> TimeSpan? {
        let (whole, overflow) = (seconds - other.seconds)
            .multipliedReportingOverflow(by: 1_000_000_000)
        let (total, carry) = whole.addingReportingOverflow(
            Int64(nanoseconds) - Int64(other.nanoseconds)
        )
        return overflow || carry ? nil : TimeSpan(totalNanoseconds: total)
    }
}
