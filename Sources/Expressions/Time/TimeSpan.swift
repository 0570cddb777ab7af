// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A signed length of time to the nanosecond, within about 292 years.
public struct TimeSpan: Sendable, Hashable, Comparable {
    /// The whole length in nanoseconds.
    public let totalNanoseconds: Int64

    /// Makes a time span from nanoseconds.
    public init(totalNanoseconds: Int64) {
        self.totalNanoseconds = totalNanoseconds
    }

    /// Makes a time span from seconds and nanoseconds, which are added; nil when out of range.
    public init?(seconds: Int64, nanoseconds: Int32 = 0) {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (total, carry) = whole.addingReportingOverflow(Int64(nanoseconds))
        guard !overflow, !carry else { return nil }
        totalNanoseconds = total
    }

    /// The whole seconds, truncated toward zero.
    public var seconds: Int64 { totalNanoseconds / 1_000_000_000 }

    /// The nanoseconds beyond ``seconds``, of the same sign as the span.
    public var nanoseconds: Int32 { Int32(totalNanoseconds % 1_000_000_000) }

    /// Tells which of two spans is shorter, negative ones being shortest.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.totalNanoseconds < right.totalNanoseconds
    }
}
