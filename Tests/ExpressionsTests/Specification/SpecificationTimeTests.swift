// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import TestSupport
import Testing

/// Instants, lengths of time, and their parts.
@Suite("Specification: time")
struct SpecificationTimeTests {
    @Test(
        "an instant is read from its text or from seconds",
        arguments: [
            ("'2009-02-13T23:31:30Z'", "2009-02-13T23:31:30Z"),
            ("'2009-02-13t23:31:30z'", "2009-02-13T23:31:30Z"),
            ("'2009-02-13T23:31:30+05:30'", "2009-02-13T18:01:30Z"),
            ("'2009-02-13T23:31:30-01:00'", "2009-02-14T00:31:30Z"),
            ("'2009-02-13T23:31:30.123456789Z'", "2009-02-13T23:31:30.123456789Z"),
            ("'2009-02-13T23:31:30.100Z'", "2009-02-13T23:31:30.1Z"),
            ("'2024-02-29T00:00:00Z'", "2024-02-29T00:00:00Z"),
            ("1234567890", "2009-02-13T23:31:30Z"), ("-1", "1969-12-31T23:59:59Z"),
            ("0", "1970-01-01T00:00:00Z"),
            ("timestamp(0)", "1970-01-01T00:00:00Z"),
            ("'0001-01-01T00:00:00Z'", "0001-01-01T00:00:00Z"),
            ("'9999-12-31T23:59:59.999999999Z'", "9999-12-31T23:59:59.999999999Z"),
        ] as [Row]
    )
    func instants(row: Row) {
        #expect(
            evaluate("timestamp(\(row.source))") == "timestamp(\"\(row.result)\")",
            "\(row.source)"
        )
    }

    @Test(
        "what is no instant is an error",
        arguments: [
            ("'2009-02-13'", "badConversion"), ("'2009-02-13T23:31:30'", "badConversion"),
            ("'2009-02-13 23:31:30Z'", "badConversion"),
            ("'2023-02-29T00:00:00Z'", "badConversion"),
            ("'2009-13-01T00:00:00Z'", "badConversion"),
            ("'2009-02-13T24:00:00Z'", "badConversion"),
            ("'2009-02-13T23:60:00Z'", "badConversion"),
            ("'0000-01-01T00:00:00Z'", "badConversion"),
            ("'10000-01-01T00:00:00Z'", "badConversion"),
            ("'0001-01-01T00:00:00+00:01'", "badConversion"),
            ("''", "badConversion"), ("'1234567890'", "badConversion"),
            ("-62135596801", "overflow"),
            ("253402300800", "overflow"), ("1.5", "noMatchingOverload"),
            ("1u", "noMatchingOverload"),
            ("null", "noMatchingOverload"), ("duration('1s')", "noMatchingOverload"),
        ] as [Row]
    )
    func noInstants(row: Row) {
        #expect(evaluate("timestamp(\(row.source))") == row.result, "\(row.source)")
    }

    @Test(
        "every part of an instant can be read, in UTC unless a zone is named",
        arguments: [
            ("getFullYear", 2009, 2009), ("getMonth", 1, 1), ("getDate", 13, 14),
            ("getDayOfMonth", 12, 13),
            ("getDayOfYear", 43, 44), ("getDayOfWeek", 5, 6), ("getHours", 23, 5),
            ("getMinutes", 31, 1),
            ("getSeconds", 30, 30), ("getMilliseconds", 123, 123),
        ] as [(String, Int, Int)]
    )
    func parts(method: String, utc: Int, india: Int) {
        let instant = "timestamp('2009-02-13T23:31:30.123456Z')"
        let zones: TimeZoneResolver = {
            $0 == "Asia/Kolkata" ? ZoneFile.make(rule: "IST-5:30") : nil
        }

        #expect(evaluate("\(instant).\(method)()") == "\(utc)")
        #expect(evaluate("\(instant).\(method)('UTC')") == "\(utc)")
        #expect(evaluate("\(instant).\(method)('+05:30')") == "\(india)")
        #expect(evaluate("\(instant).\(method)('Asia/Kolkata')", zones: zones) == "\(india)")
        #expect(evaluate("\(instant).\(method)('Asia/Nowhere')", zones: zones) == "unknownTimeZone")
        #expect(evaluate("\(instant).\(method)(5)") == "noMatchingOverload")
        #expect(evaluate("\(instant).\(method)('UTC', 1)") == "noMatchingOverload")
    }

    @Test(
        "months, days of the month and days of the year begin at 0, dates at 1, weeks on Sunday",
        arguments: [
            ("2023-01-01", "[0, 1, 0, 0, 0]"), ("2023-12-31", "[11, 31, 30, 364, 0]"),
            ("2024-12-31", "[11, 31, 30, 365, 2]"), ("2024-03-02", "[2, 2, 1, 61, 6]"),
            ("0001-01-01", "[0, 1, 0, 0, 1]"), ("9999-12-31", "[11, 31, 30, 364, 5]"),
        ] as [Row]
    )
    func origins(row: Row) {
        let bindings: Bindings = ["text": .string("\(row.source)T12:00:00Z")]
        let methods = ["getMonth", "getDate", "getDayOfMonth", "getDayOfYear", "getDayOfWeek"]
        let parts = methods.map { "timestamp(text).\($0)()" }

        #expect(evaluate("[\(parts.joined(separator: ", "))]", bindings) == row.result)
    }

    @Test(
        "a zone is UTC, a name, or hours and minutes with a sign",
        arguments: [
            ("UTC", "12"), ("+00:00", "12"), ("-00:00", "12"), ("+02:00", "14"), ("-02:00", "10"),
            ("+09:30", "21"), ("-11:59", "0"), ("+23:59", "11"), ("02:00", "14"),
            ("America/New_York", "8"),
            ("+24:00", "unknownTimeZone"), ("+2:00", "unknownTimeZone"),
            ("+0200", "unknownTimeZone"),
            ("+02:60", "unknownTimeZone"), ("Z", "unknownTimeZone"),
            ("Mars/Olympus", "unknownTimeZone"),
            ("america new york", "unknownTimeZone"), ("../UTC", "unknownTimeZone"),
        ] as [Row]
    )
    func zones(row: Row) {
        let source = "timestamp('2024-07-01T12:00:00Z').getHours('\(row.source)')"
        let newYork = ZoneFile.make(rule: "EST5EDT,M3.2.0,M11.1.0")

        #expect(
            evaluate(source, zones: { $0 == "America/New_York" ? newYork : nil }) == row.result,
            "\(row.source)"
        )
    }

    @Test(
        "a length of time is written in groups of number and unit",
        arguments: [
            ("1h", "3600s"), ("1m", "60s"), ("1s", "1s"), ("1ms", "0.001s"), ("1us", "0.000001s"),
            ("1ns", "0.000000001s"), ("1h30m10s", "5410s"), ("1.5h", "5400s"), (".5s", "0.5s"),
            ("1.s", "1s"),
            ("-1.5s", "-1.5s"), ("+1s", "1s"), ("0", "0s"), ("-0", "0s"), ("0s", "0s"),
            ("10s5m", "310s"),
            ("1s1s", "2s"), ("9223372036.854775807s", "9223372036.854775807s"),
            ("-9223372036.854775808s", "-9223372036.854775808s"), ("2562047h", "9223369200s"),
        ] as [Row]
    )
    func spans(row: Row) {
        #expect(
            evaluate("duration('\(row.source)')") == "duration(\"\(row.result)\")",
            "\(row.source)"
        )
    }

    @Test(
        "what is no length of time is an error",
        arguments: [
            ("''", "badConversion"), ("'1'", "badConversion"), ("'1d'", "badConversion"),
            ("'1w'", "badConversion"),
            ("'1y'", "badConversion"), ("'s'", "badConversion"), ("'1 s'", "badConversion"),
            ("'-'", "badConversion"),
            ("'1h-5m'", "badConversion"), ("'1S'", "badConversion"), ("'1e3s'", "badConversion"),
            ("'9223372036.854775808s'", "badConversion"), ("'2562048h'", "badConversion"),
            ("1", "noMatchingOverload"),
            ("1.5", "noMatchingOverload"), ("null", "noMatchingOverload"),
            ("timestamp(0)", "noMatchingOverload"),
        ] as [Row]
    )
    func noSpans(row: Row) {
        #expect(evaluate("duration(\(row.source))") == row.result, "\(row.source)")
    }

    @Test(
        "a length of time is read whole in a unit, its milliseconds only beyond the second",
        arguments: [
            ("duration('3h59m59.999s').getHours()", "3"),
            ("duration('3h59m59.999s').getMinutes()", "239"),
            ("duration('3h59m59.999s').getSeconds()", "14399"),
            ("duration('3h59m59.999s').getMilliseconds()", "999"),
            ("duration('-90m').getHours()", "-1"), ("duration('-1.5s').getSeconds()", "-1"),
            ("duration('-1.5s').getMilliseconds()", "-500"), ("duration('1ms').getSeconds()", "0"),
            ("duration('1s').getFullYear()", "noMatchingOverload"),
            ("duration('1s').getDate()", "noMatchingOverload"),
            ("duration('1h').getHours('UTC')", "noMatchingOverload"),
            ("(1).getHours()", "noMatchingOverload"),
        ] as [Row]
    )
    func units(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "what leaves the range of instants or of lengths of time is an error",
        arguments: [
            "timestamp('9999-12-31T23:59:59Z') + duration('1s')",
            "timestamp('0001-01-01T00:00:00Z') - duration('1ns')",
            "timestamp('9999-12-31T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')",
            "timestamp('0001-01-01T00:00:00Z') - timestamp('9999-12-31T00:00:00Z')",
            "duration('2562047h') + duration('1h')", "duration('-2562047h') - duration('1h')",
        ]
    )
    func ranges(source: String) {
        #expect(evaluate(source) == "overflow", "\(source)")
    }

    @Test("instants and lengths of time are kept to the nanosecond")
    func precision() {
        let second = "timestamp('2009-02-13T23:31:30.999999999Z')"

        #expect(
            evaluate("\(second) + duration('1ns') == timestamp('2009-02-13T23:31:31Z')") == "true"
        )
        #expect(
            evaluate("timestamp('2009-02-13T23:31:31Z') - \(second) == duration('1ns')") == "true"
        )
        #expect(evaluate("\(second) < timestamp('2009-02-13T23:31:31Z')") == "true")
        #expect(evaluate("int(\(second))") == "1234567890")
    }
}
