// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A point in time for deadlines, which never jumps and means nothing in another boot.
public struct MonotonicInstant: Sendable, Hashable, Comparable {
    /// Nanoseconds since an arbitrary moment.
    public let nanoseconds: Int64

    /// Creates the instant so many nanoseconds after the arbitrary moment.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The deadline that never passes.
    public static let distantFuture = MonotonicInstant(nanoseconds: .max)

    /// Returns the instant so much later; what does not fit becomes the distant future.
    public func advanced(by duration: Duration) -> MonotonicInstant {
        let (seconds, attoseconds) = duration.components
        let (scaled, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, tooLate) = nanoseconds.addingReportingOverflow(scaled)
        let (total, tooMuch) = sum.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard tooLong || tooLate || tooMuch else { return MonotonicInstant(nanoseconds: total) }
        return seconds < 0 ? MonotonicInstant(nanoseconds: .min) : .distantFuture
    }

    /// Returns the nanoseconds until another instant, and 0 when that has passed.
    func nanosecondsLeft(until deadline: MonotonicInstant) -> Int64 {
        guard deadline > self else { return 0 }
        let (left, isTooMuch) = deadline.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return isTooMuch ? .max : left
    }

    /// Orders instants from earlier to later.
    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
