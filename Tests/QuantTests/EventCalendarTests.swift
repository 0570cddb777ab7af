// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Event calendars")
struct EventCalendarTests {
    private func calendar(_ text: String) throws -> EventCalendar {
        try EventCalendar(parsing: Array(text.utf8))
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    @Test("named events are found by date")
    func events() throws {
        let calendar = try calendar("date,event\n2000-03-21,fomc\n2000-02-02,fomc\n")

        #expect(calendar.contains(try date("2000-02-02")))
        #expect(!calendar.contains(try date("2000-02-03")))
        #expect(calendar.next(after: try date("2000-02-02"))?.date == (try date("2000-03-21")))
        #expect(calendar.next(after: try date("2000-03-21")) == nil)
    }

    @Test("events of symbols are told apart")
    func symbols() throws {
        let calendar = try calendar("symbol,date\nAAPL,2024-02-01\nMSFT,2024-01-30\n")
        let day = try date("2024-01-30")

        #expect(calendar.contains(day, label: "MSFT") && !calendar.contains(day, label: "AAPL"))
        #expect(calendar.next(after: day, label: "AAPL")?.date == (try date("2024-02-01")))
        #expect(calendar.next(after: day, label: "MSFT") == nil)
    }

    @Test(
        "a bad file is an error that says where",
        arguments: [
            ("", QuantError.Code.empty, "empty"),
            ("date,event\n", .empty, "no rows"),
            ("when,event\n2024-01-01,x\n", .missingColumn, "header"),
            ("date,event\n2024-02-30,x\n", .badRow, "line 2: '2024-02-30'"),
            ("date,event\n2024-02-28,x,y\n", .badRow, "line 2"),
            ("date,event\n2024-02-28,\n", .badRow, "line 2"),
            ("symbol,date\naapl,2024-02-28\n", .badRow, "'aapl'"),
        ]
    )
    func faults(_ text: String, _ code: QuantError.Code, _ mention: String) {
        let error = #expect(throws: QuantError.self) { try calendar(text) }

        #expect(error?.code == code)
        #expect(error?.description.contains(mention) == true)
    }
}
