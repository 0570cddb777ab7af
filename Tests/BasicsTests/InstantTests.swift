// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Instants")
struct InstantTests {
    @Test(
        "RFC 3339 with offsets and fractions is read",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 0), ("1970-01-01 00:00:01Z", 1_000_000_000),
            ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T18:30:00-05:30", 0),
            ("1970-01-01T00:00:00.5Z", 500_000_000), ("1970-01-01T00:00:00.000000001Z", 1),
            ("1969-12-31T23:59:59.999999999Z", -1),
            ("2000-03-01T21:00:00Z", 951_944_400_000_000_000),
        ] as [(String, Int64)]
    )
    func reading(text: String, nanoseconds: Int64) {
        #expect(Instant(text)?.nanosecondsSinceEpoch == nanoseconds)
    }

    @Test(
        "text that is no instant is refused",
        arguments: [
            "", "2000-03-01T", "2000-03-01T21:00Z", "2000-03-01T21:00:00", "2000-03-01T24:00:00Z",
            "2000-03-01T23:60:00Z", "2000-03-01T23:59:60Z", "2000-03-01T21:00:00.Z",
            "2000-03-01T21:00:00.0000000001Z", "2000-03-01T21:00:00+0100",
            "2000-03-01T21:00:00+24:00",
            "2000-03-01T21:00:00+01:60", "2000-03-01T21:00:00Zx", "2000-02-30T21:00:00Z",
            "2000-03-01t21:00:00Z", "2000-03-01T21:00:00z", "1500-01-01", "2300-01-01",
            "1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z",
        ]
    )
    func refusals(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test("the first and the last nanosecond print and read back")
    func extremes() {
        let first = Instant(nanosecondsSinceEpoch: .min)
        let last = Instant(nanosecondsSinceEpoch: .max)

        #expect(first.description == "1677-09-21T00:12:43.145224192Z")
        #expect(last.description == "2262-04-11T23:47:16.854775807Z")
        #expect(Instant(first.description) == first)
        #expect(Instant(last.description) == last)
    }

    @Test("any instant reads back from its description")
    func roundTrip() {
        var random = SeededRandom(seed: 7)

        let wrong = (0..<20_000).filter { index in
            // Every third one has whole seconds, every fifth one milliseconds.
            let step: Int64 = index % 3 == 0 ? 1_000_000_000 : index % 5 == 0 ? 1_000_000 : 1
            let nanoseconds = Int64(bitPattern: random.next()) / step * step
            let instant = Instant(nanosecondsSinceEpoch: nanoseconds)
            return Instant(instant.description) != instant
        }

        #expect(wrong.isEmpty)
    }

    @Test("seconds and dates are rounded down before 1970 too")
    func roundingDown() {
        let instant = Instant(nanosecondsSinceEpoch: -1)

        #expect(instant.secondsSinceEpoch == -1)
        #expect(instant.date.description == "1969-12-31")
        #expect(instant.description == "1969-12-31T23:59:59.999999999Z")
    }

    @Test("a date and a second of the day make an instant")
    func fromDate() throws {
        let date = try #require(CalendarDate("2000-03-01"))

        #expect(Instant(date, secondOfDay: 75_600).description == "2000-03-01T21:00:00Z")
        #expect(Instant(date).adding(seconds: -1).description == "2000-02-29T23:59:59Z")
    }

    @Test("instants are ordered by time")
    func order() {
        let instants = [Int64.min, -1, 0, 1, .max].map { Instant(nanosecondsSinceEpoch: $0) }

        #expect(instants.reversed().sorted() == instants)
    }

    @Test("a date beyond the range stops the program with a sentence")
    func beyondRange() async {
        await #expect(processExitsWith: .failure) {
            _ = CalendarDate(year: 9999, month: 12, day: 31).map { Instant($0) }
        }
    }
}
