// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Calendar dates")
struct CalendarDateTests {
    @Test("every day from 1600 to 2400 follows the one before and reads back from its text")
    func roundTrip() throws {
        let first = try #require(CalendarDate(year: 1600, month: 1, day: 1))
        let last = try #require(CalendarDate(year: 2400, month: 12, day: 31))
        #expect(first.daysSinceEpoch == -135_140)
        #expect(last.daysSinceEpoch == 157_419)

        var (year, month, day) = (1600, 1, 1)
        var wrong: [String] = []
        for number in first.daysSinceEpoch...last.daysSinceEpoch {
            let date = CalendarDate(daysSinceEpoch: number)
            let isSame = date.parts == (year, month, day)
            let isBack = CalendarDate(year: year, month: month, day: day) == date
            if !isSame || !isBack { wrong.append("\(date)") }
            if number % 7 == 0, CalendarDate(date.description) != date { wrong.append("\(date)") }
            (year, month, day) = next(year, month, day)
        }

        #expect(wrong.isEmpty)
        #expect((year, month, day) == (2401, 1, 1))
    }

    /// A calendar kept by counting, independent of the arithmetic under test.
    private func next(_ year: Int, _ month: Int, _ day: Int) -> (Int, Int, Int) {
        let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        if day < lengths[month - 1] { return (year, month, day + 1) }
        return month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1)
    }

    @Test(
        "29 February exists in leap years only",
        arguments: [
            (1600, true), (1700, false), (1900, false), (2000, true), (2023, false), (2024, true),
        ]
    )
    func leapYears(year: Int, isLeap: Bool) {
        #expect((CalendarDate(year: year, month: 2, day: 29) != nil) == isLeap)
    }

    @Test(
        "the weekday is known on both sides of 1970",
        arguments: [
            ("1970-01-01", 4), ("1969-12-31", 3), ("1600-01-01", 6), ("2000-03-01", 3),
            ("2024-02-25", 0), ("2400-12-31", 0),
        ]
    )
    func weekday(text: String, weekday: Int) throws {
        #expect(try #require(CalendarDate(text)).weekday == weekday)
    }

    @Test(
        "the next weekday skips Saturday and Sunday",
        arguments: [
            ("2024-03-01", "2024-03-04"), ("2024-03-02", "2024-03-04"),
            ("2024-03-03", "2024-03-04"),
            ("2024-03-04", "2024-03-05"),
        ]
    )
    func nextWeekday(from: String, to: String) throws {
        #expect(try #require(CalendarDate(from)).nextWeekday.description == to)
    }

    @Test(
        "text that is no date is refused",
        arguments: [
            "", "2000-3-01", "2000-03-1", "2000/03/01", "2000-13-01", "2000-00-10", "2000-01-00",
            "2000-04-31", "2023-02-29", "0000-01-01", "+200-01-01", "2000-03-01 ", "２000-03-01",
            "20000301", "-001-01-01",
        ]
    )
    func refusals(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test("adding years keeps the day, and 29 February becomes the 28th")
    func addingYears() throws {
        let leap = try #require(CalendarDate("2024-02-29"))

        #expect(leap.adding(years: 1).description == "2025-02-28")
        #expect(leap.adding(years: 4).description == "2028-02-29")
        #expect(leap.adding(years: -2).description == "2022-02-28")
        #expect(leap.adding(years: 9000) == leap)
    }

    @Test("dates are ordered by time")
    func order() throws {
        let dates = try ["1969-12-31", "1970-01-01", "1970-02-01", "2000-01-01"].map {
            try #require(CalendarDate($0))
        }

        #expect(dates.reversed().sorted() == dates)
        #expect(dates[0].adding(days: 1) == dates[1])
    }
}
