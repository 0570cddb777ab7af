// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

/// Times are those of China where nothing else is said.
@Suite("Market hours")
struct MarketHoursTests {
    private static func moment(_ code: String, _ text: String) throws -> MarketMoment {
        let zone = text.contains("Z") ? "" : "+08:00"
        let instant = try #require(Instant(text + zone))
        let instrument = try InstrumentTests.instrument(code)
        return try MarketHours(instrument.terms).moment(at: instant)
    }

    @Test(
        "steel has two breaks by day and a night that counts to the next trading day",
        arguments: [
            ("2025-03-12T08:59:59", "closed", "-"), ("2025-03-12T09:00:00", "open", "2025-03-12"),
            ("2025-03-12T10:14:59", "open", "2025-03-12"),
            ("2025-03-12T10:15:00", "break", "2025-03-12"),
            ("2025-03-12T10:29:59", "break", "2025-03-12"),
            ("2025-03-12T10:30:00", "open", "2025-03-12"),
            ("2025-03-12T11:29:59", "open", "2025-03-12"),
            ("2025-03-12T11:30:00", "break", "2025-03-12"),
            ("2025-03-12T13:29:59", "break", "2025-03-12"),
            ("2025-03-12T13:30:00", "open", "2025-03-12"),
            ("2025-03-12T14:59:59", "open", "2025-03-12"),
            ("2025-03-12T15:00:00", "closed", "-"),
            ("2025-03-12T21:00:00", "open", "2025-03-13"),
            ("2025-03-12T22:59:59", "open", "2025-03-13"),
            ("2025-03-12T23:00:00", "closed", "-"),
        ]
    )
    func day(time: String, phase: String, day: String) throws {
        let moment = try Self.moment("rb2505", time)

        #expect(moment.phase.rawValue == phase)
        #expect(moment.tradingDay?.description ?? "-" == day)
    }

    @Test(
        "the night of a Friday counts to Monday, beyond midnight as well",
        arguments: [
            ("rb2505", "2025-03-14T21:30:00", "open", "2025-03-17"),
            ("au2506", "2025-03-14T23:59:59", "open", "2025-03-17"),
            ("au2506", "2025-03-15T00:00:00", "open", "2025-03-17"),
            ("au2506", "2025-03-15T02:29:59", "open", "2025-03-17"),
            ("au2506", "2025-03-15T02:30:00", "closed", "-"),
            ("cu2505", "2025-03-15T00:59:59", "open", "2025-03-17"),
            ("cu2505", "2025-03-15T01:00:00", "closed", "-"),
            ("au2506", "2025-03-15T21:30:00", "closed", "-"),
            ("au2506", "2025-03-16T21:30:00", "closed", "-"),
            ("au2506", "2025-03-17T02:00:00", "closed", "-"),
        ]
    )
    func friday(code: String, time: String, phase: String, day: String) throws {
        let moment = try Self.moment(code, time)

        #expect(moment.phase.rawValue == phase)
        #expect(moment.tradingDay?.description ?? "-" == day)
    }

    @Test(
        "there is no night before a holiday, and the evening after it trades again",
        arguments: [
            ("2025-04-03T14:00:00", "open", "day session"),
            ("2025-04-03T21:30:00", "closed", "no night session before a holiday"),
            ("2025-04-04T00:30:00", "closed", "holiday"),
            ("2025-04-04T10:00:00", "closed", "holiday"),
            ("2025-04-07T09:30:00", "open", "day session"),
            ("2025-04-07T21:30:00", "open", "night session"),
            ("2025-09-30T21:30:00", "closed", "no night session before a holiday"),
            ("2025-10-08T21:30:00", "closed", "holiday"),
            ("2025-10-09T21:30:00", "open", "night session"),
            ("2025-12-31T21:30:00", "closed", "no night session before a holiday"),
        ]
    )
    func holidayEve(time: String, phase: String, note: String) throws {
        let moment = try Self.moment("au2512", time)

        #expect(moment.phase.rawValue == phase)
        #expect(moment.note == note)
    }

    @Test(
        "the opening auction comes before the first session of the trading day",
        arguments: [
            ("rb2505", "2025-03-12T20:54:59", "closed", "-"),
            ("rb2505", "2025-03-12T20:55:00", "auction orders", "2025-03-13"),
            ("rb2505", "2025-03-12T20:58:59", "auction orders", "2025-03-13"),
            ("rb2505", "2025-03-12T20:59:00", "auction match", "2025-03-13"),
            ("rb2505", "2025-03-13T08:55:00", "closed", "-"),
            ("rb2505", "2025-04-07T08:55:00", "auction orders", "2025-04-07"),
            ("AP505", "2025-03-13T08:57:00", "auction orders", "2025-03-13"),
            ("AP505", "2025-03-13T08:59:30", "auction match", "2025-03-13"),
            ("AP505", "2025-03-12T20:57:00", "closed", "-"),
            ("rb2505", "2025-04-03T20:57:00", "closed", "-"),
        ]
    )
    func auction(code: String, time: String, phase: String, day: String) throws {
        let moment = try Self.moment(code, time)

        #expect(moment.phase.rawValue == phase)
        #expect(moment.tradingDay?.description ?? "-" == day)
    }

    @Test(
        "a closed market says when it opens next",
        arguments: [
            ("rb2505", "2025-03-12T10:20:00", "2025-03-12T02:30:00Z"),
            ("rb2505", "2025-03-14T23:30:00", "2025-03-17T01:00:00Z"),
            ("rb2505", "2025-04-03T16:00:00", "2025-04-07T01:00:00Z"),
            ("AAPL", "2025-07-03T21:00:00Z", "2025-07-07T13:30:00Z"),
        ]
    )
    func nextOpen(code: String, time: String, expected: String) throws {
        #expect(try Self.moment(code, time).nextOpen.description == expected)
    }

    @Test(
        "shares trade by New York's clock and coins always",
        arguments: [
            ("AAPL", "2025-01-10T14:29:59Z", "closed"), ("AAPL", "2025-01-10T14:30:00Z", "open"),
            ("AAPL", "2025-07-10T13:30:00Z", "open"), ("AAPL", "2025-07-10T20:00:00Z", "closed"),
            ("AAPL", "2025-07-04T15:00:00Z", "closed"), ("BTC", "2025-12-25T03:00:00Z", "open"),
        ]
    )
    func elsewhere(code: String, time: String, phase: String) throws {
        #expect(try Self.moment(code, time).phase.rawValue == phase)
    }

    @Test("a year without a calendar is refused")
    func unknownYear() throws {
        let error = #expect(throws: TradingError.self) {
            try Self.moment("rb2505", "2031-03-12T10:00:00")
        }

        #expect(error?.code == .notInForce)
    }
}
