// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes

/// A moment on both clocks: the one on the wall, for records, and the steady one, for spans.
struct Moment: Sendable, Hashable {
    /// The time of day, which can jump.
    let wall: Instant
    /// The steady time, which means nothing in another boot.
    let steady: MonotonicInstant

    init(wall: Instant, steady: MonotonicInstant) {
        self.wall = wall
        self.steady = steady
    }

    /// The time of day at a steady moment of the past.
    func wall(of past: MonotonicInstant) -> Instant {
        let age = max(0, steady.nanoseconds.subtracting(past.nanoseconds))
        return Instant(nanosecondsSinceEpoch: wall.nanosecondsSinceEpoch.subtracting(age))
    }

    /// The steady moment at which the wall showed a time; nil when that is a span ago or longer.
    ///
    /// A time that has not come yet was written before the clock was set back. It counts as now,
    /// so that it is forgotten one span from now at the latest.
    func steady(of past: Instant, within span: Duration) -> MonotonicInstant? {
        let age = max(0, wall.nanosecondsSinceEpoch.subtracting(past.nanosecondsSinceEpoch))
        guard age < span.wholeNanoseconds else { return nil }
        return MonotonicInstant(nanoseconds: steady.nanoseconds.subtracting(age))
    }
}

extension MonotonicInstant {
    /// The time since an earlier moment.
    func since(_ earlier: MonotonicInstant) -> Duration {
        .nanoseconds(nanoseconds.subtracting(earlier.nanoseconds))
    }
}

extension Duration {
    /// The nanoseconds, as many as fit.
    var wholeNanoseconds: Int64 {
        MonotonicInstant(nanoseconds: 0).advanced(by: self).nanoseconds
    }
}

extension Int64 {
    /// The difference, or the nearest number that there is.
    fileprivate func subtracting(_ other: Int64) -> Int64 {
        let (difference, isTooMuch) = subtractingReportingOverflow(other)
        guard isTooMuch else { return difference }
        return other < 0 ? .max : .min
    }
}
