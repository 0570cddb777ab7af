// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The holidays of the New York exchanges by their rules, for 2000 and later.
enum USHolidays {
    /// Days on which the exchanges stayed closed though no rule says so: attacks, days of
    /// mourning for presidents, a storm.
    static let closures: Set<CalendarDate> = Set(
        [
            (2001, 9, 11), (2001, 9, 12), (2001, 9, 13), (2001, 9, 14), (2004, 6, 11),
            (2007, 1, 2), (2012, 10, 29), (2012, 10, 30), (2018, 12, 5), (2025, 1, 9),
        ].compactMap { CalendarDate(year: $0.0, month: $0.1, day: $0.2) }
    )

    /// Whether a weekday is a holiday.
    static func contains(_ date: CalendarDate) -> Bool {
        let (year, month, day) = date.parts
        let weekday = date.weekday
        switch month {
        case 1:
            // New Year's Day moves to a Monday, never to a Friday, which would end the year.
            return day == 1 || day == 2 && weekday == 1 || isNth(3, 1, day, weekday)
        case 2: return isNth(3, 1, day, weekday)
        case 3, 4: return date.daysSinceEpoch == easter(year).daysSinceEpoch - 2
        case 5: return weekday == 1 && day >= 25
        case 6: return year >= 2022 && isObserved(19, day, weekday)
        case 7: return isObserved(4, day, weekday)
        case 9: return isNth(1, 1, day, weekday)
        case 11: return isNth(4, 4, day, weekday)
        case 12: return isObserved(25, day, weekday)
        default: return false
        }
    }

    private static func isNth(_ nth: Int, _ wanted: Int, _ day: Int, _ weekday: Int) -> Bool {
        weekday == wanted && (day - 1) / 7 == nth - 1
    }

    /// Whether a fixed date is kept on a day: itself, the Friday before a Saturday, or the Monday
    /// after a Sunday.
    private static func isObserved(_ fixed: Int, _ day: Int, _ weekday: Int) -> Bool {
        day == fixed || day == fixed - 1 && weekday == 5 || day == fixed + 1 && weekday == 1
    }

    /// Easter Sunday by the anonymous Gregorian method (Meeus, Astronomical Algorithms).
    private static func easter(_ year: Int) -> CalendarDate {
        let golden = year % 19
        let (century, rest) = year.quotientAndRemainder(dividingBy: 100)
        let correction = (century - (century + 8) / 25 + 1) / 3
        let moon = (19 * golden + century - century / 4 - correction + 15) % 30
        let days = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7
        let late = (golden + 11 * moon + 22 * days) / 451
        let sum = moon + days - 7 * late + 114
        return CalendarDate(year: year, month: sum / 31, day: sum % 31 + 1)
            ?? CalendarDate(daysSinceEpoch: 0)
    }
}
