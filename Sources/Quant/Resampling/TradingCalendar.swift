// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The days on which a market trades.
public struct TradingCalendar: Sendable, Hashable {
    private enum Rule: Sendable, Hashable {
        case everyDay
        case weekdays
        case usEquities
    }

    private let rule: Rule
    private let closed: Set<CalendarDate>

    private init(_ rule: Rule, closed: Set<CalendarDate> = []) {
        self.rule = rule
        self.closed = closed
    }

    /// Every day, as currencies of the net trade.
    public static let everyDay = TradingCalendar(.everyDay)

    /// Monday to Friday.
    public static let weekdays = TradingCalendar(.weekdays)

    /// The New York exchanges from 2000 on: weekdays without their holidays, which follow rules,
    /// and without the days on which they stayed closed for another reason.
    public static let usEquities = TradingCalendar(.usEquities, closed: USHolidays.closures)

    /// Monday to Friday without the days given.
    public static func weekdays(without closed: some Sequence<CalendarDate>) -> TradingCalendar {
        TradingCalendar(.weekdays, closed: Set(closed))
    }

    /// Whether the market trades on a date.
    public func isTradingDay(_ date: CalendarDate) -> Bool {
        guard rule != .everyDay else { return true }
        let weekday = date.weekday
        guard weekday != 0, weekday != 6, !closed.contains(date) else { return false }
        return rule != .usEquities || !USHolidays.contains(date)
    }

    /// The first trading day after a date; a calendar closed for a year trades on the next day.
    public func next(after date: CalendarDate) -> CalendarDate {
        for days in 1...366 where isTradingDay(date.adding(days: days)) {
            return date.adding(days: days)
        }
        return date.adding(days: 1)
    }

    /// The last trading day before a date; a calendar closed for a year traded the day before.
    public func previous(before date: CalendarDate) -> CalendarDate {
        for days in 1...366 where isTradingDay(date.adding(days: -days)) {
            return date.adding(days: -days)
        }
        return date.adding(days: -1)
    }

    /// Whether a weekday on which the market is closed lies between a date and the next trading
    /// day, so that there is no night session on that evening.
    public func isEveOfHoliday(_ date: CalendarDate) -> Bool {
        guard rule != .everyDay else { return false }
        let days = next(after: date).daysSinceEpoch - date.daysSinceEpoch
        return (1..<max(1, days)).contains { ahead in
            ![0, 6].contains(date.adding(days: ahead).weekday)
        }
    }

    /// The number of trading days after one date and before another.
    public func count(after first: CalendarDate, before last: CalendarDate) -> Int {
        let days = max(0, last.daysSinceEpoch - first.daysSinceEpoch - 1)
        return (0..<days).count { isTradingDay(first.adding(days: $0 + 1)) }
    }
}
