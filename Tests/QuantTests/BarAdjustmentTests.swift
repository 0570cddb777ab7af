// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Splits, dividends and trading days")
struct BarAdjustmentTests {
    private static func action(_ date: String, _ kind: CorporateAction.Kind) throws
        -> CorporateAction
    {
        CorporateAction(date: try #require(CalendarDate(date)), kind: kind)
    }

    @Test("prices before a split and a dividend are scaled, and volumes before the split")
    func adjusted() throws {
        let series = try Samples.series([
            (100, 100, 100, 100), (100, 100, 100, 100), (50, 50, 50, 50), (49, 49, 49, 49),
        ])

        let adjusted = try series.adjusted(for: [
            Self.action("2024-01-04", .dividend(amount: 1)),
            Self.action("2024-01-03", .split(ratio: 2)),
        ])

        #expect(adjusted.close.elementsEqual([49, 49, 49, 49]))
        #expect(adjusted.volume.elementsEqual([2000, 2000, 1000, 1000]))
        #expect(adjusted.times == series.times && adjusted.open == adjusted.close)
    }

    @Test("actions before the first bar and behind the last one change nothing")
    func outside() throws {
        let series = try Samples.series([(1, 2, 1, 1.5), (1, 2, 1, 1.5)])

        let adjusted = try series.adjusted(for: [
            Self.action("2023-01-01", .split(ratio: 2)),
            Self.action("2024-01-01", .dividend(amount: 5)),
            Self.action("2025-01-01", .split(ratio: 3)),
        ])

        #expect(adjusted == series)
    }

    @Test(
        "impossible actions are refused by date",
        arguments: [
            CorporateAction.Kind.split(ratio: 0), .split(ratio: .nan), .split(ratio: -1),
            .dividend(amount: -1), .dividend(amount: 1.5), .dividend(amount: .nan),
        ]
    )
    func refused(_ kind: CorporateAction.Kind) throws {
        let series = try Samples.series([(1, 2, 1, 1.5), (1, 2, 1, 1.5)])

        let error = #expect(throws: QuantError.self) {
            try series.adjusted(for: [Self.action("2024-01-02", kind)])
        }

        #expect(error?.code == .badParameter)
        #expect(error?.description.contains("of 2024-01-02") == true)
    }

    @Test("the calendar of New York is that of thirteen years of bars")
    func calendar() throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        let parsed = try BarCSV.load("us-equities-daily.csv", in: Folder("\(root)/data"))
        let series = try #require(parsed.series.first { $0.symbol.description == "IBM" })
        let days = Set(series.times.map(\.date))
        let calendar = TradingCalendar.usEquities

        let first = try #require(series.times.first).date.daysSinceEpoch
        let last = try #require(series.times.last).date.daysSinceEpoch
        let wrong = (first...last).map { CalendarDate(daysSinceEpoch: $0) }
            .filter { calendar.isTradingDay($0) != days.contains($0) }

        #expect(days.count > 3000)
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(series.gaps(timing: .daily, sessions: .usEquities).isEmpty)
    }

    @Test(
        "holidays of other years follow their rules",
        arguments: [
            ("2000-01-17", false), ("2021-06-18", true), ("2022-06-20", false),
            ("2021-12-31", true), ("2021-12-24", false), ("2022-12-26", false),
            ("2023-01-02", false), ("2024-03-29", false), ("2024-11-28", false),
            ("2025-01-09", false), ("2026-07-03", false), ("2000-04-21", false),
            ("2000-07-03", true), ("2038-04-23", false),
        ]
    )
    func holidays(_ text: String, _ trades: Bool) throws {
        let date = try #require(CalendarDate(text))

        #expect(TradingCalendar.usEquities.isTradingDay(date) == trades)
    }

    @Test("neighbouring trading days are found across weekends and holidays")
    func neighbours() throws {
        let eve = try #require(CalendarDate("2012-12-31"))
        let day = try #require(CalendarDate("2013-01-02"))
        let calendar = TradingCalendar.usEquities

        #expect(calendar.next(after: eve) == day)
        #expect(calendar.previous(before: day) == eve)
        #expect(calendar.count(after: eve, before: day) == 0)
        #expect(calendar.count(after: day, before: eve) == 0)
        let closed = TradingCalendar.weekdays(without: [day])
        #expect(closed.next(after: eve.adding(days: 1)) == day.adding(days: 1))
        #expect(TradingCalendar.everyDay.next(after: eve) == eve.adding(days: 1))
    }
}
