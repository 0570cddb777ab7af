// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import TestSupport
import Testing

@Suite("Rules of time zones")
struct ZoneRulesTests {
    private func rules(
        _ transitions: [(Int64, UInt8)] = [],
        _ offsets: [Int64] = [0],
        rule: String
    ) throws -> ZoneRules {
        try #require(ZoneRules(ZoneFile.make(transitions, offsets, rule: rule)))
    }

    private func seconds(_ text: String) throws -> Int64 {
        try #require(Instant(text)).secondsSinceEpoch
    }

    @Test(
        "the rule at the end of a file tells the offset in any later year",
        arguments: [
            ("EST5EDT,M3.2.0,M11.1.0", "2150-03-08T06:59:59Z", -18_000),
            ("EST5EDT,M3.2.0,M11.1.0", "2150-03-08T07:00:00Z", -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", "2150-11-01T06:00:00Z", -18_000),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2040-10-06T15:29:59Z", 37_800),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2040-10-06T15:30:00Z", 39_600),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2040-01-01T00:00:00Z", 0),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2040-07-01T00:00:00Z", 3600),
            ("<-03>3", "2040-07-01T00:00:00Z", -10_800),
        ] as [(String, String, Int64)]
    )
    func rule(rule: String, time: String, offset: Int64) throws {
        #expect(try rules(rule: rule).offset(at: seconds(time)) == offset)
    }

    @Test("periods follow one another without a gap, and the offset is the same throughout")
    func periods() throws {
        let zone = try rules(
            [(1000, 1), (500_000, 0), (1_173_596_400, 1)],
            [-18_000, -14_400],
            rule: "EST5EDT,M3.2.0,M11.1.0"
        )
        var period = zone.period(at: .min / 2)
        #expect(period.start == .min && period.end == 1000 && period.offset == -18_000)

        for _ in 0..<200 {
            let next = zone.period(at: period.end)
            #expect(next.start == period.end && next.end > next.start)
            for place in [next.start, next.start / 2 + next.end / 2, next.end - 1] {
                #expect(zone.offset(at: place) == next.offset)
                #expect(zone.period(at: place) == next)
            }
            period = next
        }
        #expect(try period.end > seconds("2100-01-01"))
    }

    @Test("a zone whose clock is never moved is one period")
    func constant() throws {
        let india = try rules(rule: "IST-5:30").period(at: 0)

        #expect(india.start == .min && india.end == .max && india.offset == 19_800)
        #expect(ZoneRules.utc.period(at: 5).offset == 0)
    }

    @Test("a file that is cut short, too old or wrong is refused")
    func refused() throws {
        let whole = ZoneFile.make([(0, 1)], [0, 3600], rule: "IST-5:30")

        for length in whole.indices { #expect(ZoneRules(Array(whole.prefix(length))) == nil) }
        var old = whole
        old[4] = 0
        #expect(ZoneRules(old) == nil)
        for rule in ["EST", "EST5EDT,J0,J300", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,366,1", "EST168"]
        {
            #expect(ZoneRules(ZoneFile.make(rule: rule)) == nil, "\(rule)")
        }
    }

    @Test("a database finds what it knows and looks nothing up that is no name")
    func database() {
        let file = ZoneFile.make(rule: "IST-5:30")
        let database = ZoneDatabase { _ in file }

        #expect(database.zone(named: "Asia/Kolkata")?.rules.offset(at: 0) == 19_800)
        #expect(database.zone(named: "UTC") == .utc)
        for name in ["", "../etc", "/etc", "a//b", "a b", ".", "a\0"] {
            #expect(database.zone(named: name) == nil)
            #expect(ZoneDatabase.unchecked.zone(named: name) == nil)
        }
        #expect(ZoneDatabase.none.zone(named: "Asia/Kolkata") == nil)
        #expect(ZoneDatabase.none.zone(named: "UTC") == .utc)
        #expect(ZoneDatabase.unchecked.zone(named: "A/B")?.description == "A/B")
    }
}
