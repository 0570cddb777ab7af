// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import TestSupport
import Testing

@Suite("Time zones")
struct ZoneTests {
    private var newYork: [UInt8] {
        ZoneFile.make(
            [(0, 1), (1000, 0), (1_173_596_400, 1)],
            [-18_000, -14_400],
            rule: "EST5EDT,M3.2.0,M11.1.0"
        )
    }

    @Test(
        "the offset comes from the file and, later, from its rule",
        arguments: [
            ("1969-12-31T12:00:00Z", 7), ("1970-01-01T00:10:00Z", 20), ("1970-01-01T12:00:00Z", 7),
            ("2024-01-15T12:00:00Z", 7), ("2024-07-15T12:00:00Z", 8), ("2024-03-10T06:59:59Z", 1),
            ("2024-03-10T07:00:00Z", 3), ("2024-11-03T05:59:59Z", 1), ("2024-11-03T06:00:00Z", 1),
            ("2024-11-03T07:00:00Z", 2),
        ] as [(String, Int)]
    )
    func offsets(time: String, hour: Int) {
        let source = "timestamp('\(time)').getHours('America/New_York')"

        #expect(evaluate(source, zones: { _ in newYork }) == "\(hour)")
    }

    @Test(
        "rules of every form are followed",
        arguments: [
            ("<+03>-3", "2024-06-01T00:00:00Z", "3"), ("IST-5:30", "2024-06-01T00:00:00Z", "5"),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-01-01T00:00:00Z", "11"),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-06-01T00:00:00Z", "10"),
            ("AAA0BBB-2,J60/0,J300/0", "2024-03-01T00:00:00Z", "2"),
            ("AAA0BBB-2,J60/0,J300/0", "2024-02-29T23:00:00Z", "23"),
            ("AAA0BBB-2,59/0,300/0", "2024-02-29T00:00:00Z", "2"),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T01:00:00Z", "3"),
        ] as [(String, String, String)]
    )
    func rules(rule: String, time: String, hour: String) {
        let source = "timestamp('\(time)').getHours('A/B')"

        #expect(evaluate(source, zones: { _ in ZoneFile.make(rule: rule) }) == hour)
    }

    @Test("a broken file or rule is an unknown time zone")
    func broken() {
        let source = "timestamp(0).getHours('A/B')"
        let whole = newYork
        let cuts = stride(from: 0, to: whole.count - 1, by: 7)

        for cut in cuts {
            #expect(evaluate(source, zones: { _ in Array(whole.prefix(cut)) }) == "unknownTimeZone")
        }
        for rule in ["EST", "5", "EST5EDT", "EST5EDT,M13.1.0,M1.1.0", "EST5EDT,M3.2.0", "EST999"] {
            let zones: TimeZoneResolver = { _ in ZoneFile.make(rule: rule) }
            #expect(evaluate(source, zones: zones) == "unknownTimeZone", "\(rule)")
        }
    }

    @Test("a name that could leave the folder of zones is never looked up")
    func names() {
        for name in ["../etc/passwd", "/etc/passwd", "a//b", "a b", "."] {
            let source = "timestamp(0).getHours('\(name)')"
            #expect(evaluate(source, zones: { _ in newYork }) == "unknownTimeZone")
        }
    }
}
