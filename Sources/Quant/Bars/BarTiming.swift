// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How the time of a bar relates to the moment at which the bar is complete.
public enum BarTiming: Sendable, Hashable {
    /// One bar a day, dated midnight UTC and complete so many seconds later.
    case daily(closeSecond: Int)
    /// Bars dated at their start and complete so many seconds later.
    case interval(seconds: Int)

    /// Daily bars complete at 21:00 UTC.
    public static let daily = BarTiming.daily(closeSecond: 75_600)

    /// The first instant at which a bar of that time may be used.
    public func completion(of time: Instant) -> Instant {
        switch self {
        case .daily(let second): max(time, Instant(time.date, secondOfDay: second))
        case .interval(let seconds): time.adding(seconds: Int64(seconds))
        }
    }

    /// Whether the bars are daily ones.
    public var isDaily: Bool {
        guard case .daily = self else { return false }
        return true
    }
}
