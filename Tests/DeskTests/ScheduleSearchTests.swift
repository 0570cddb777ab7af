// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Schedules against a plain walk through time")
struct ScheduleSearchTests {
    /// Days around which the clock of some zone is moved, and one on which none is.
    static let days = [
        "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04", "2027-04-04", "2026-03-29",
        "2026-10-25", "2026-04-24", "2026-10-29", "2045-03-12", "2026-07-01",
    ]

    /// A field of one of the forms that the language has.
    private func field(_ range: ClosedRange<Int>, _ random: inout SeededRandom) -> String {
        let span = range.upperBound - range.lowerBound
        func number() -> Int { range.lowerBound + Int(random.next() % UInt64(span + 1)) }
        let (one, other) = (number(), number())
        let step = 1 + Int(random.next() % 12)
        switch random.next() % 7 {
        case 0, 1: return "*"
        case 2: return "*/\(min(step, range.upperBound))"
        case 3: return "\(min(one, other))-\(max(one, other))"
        case 4: return "\(min(one, other))-\(max(one, other))/\(min(step, range.upperBound))"
        case 5: return "\(one),\(other),\(number())"
        default: return "\(one)"
        }
    }

    private func expression(_ random: inout SeededRandom) -> String {
        // Night hours are where clocks are moved, so half of the expressions keep to them.
        let hours = random.next() % 2 == 0 ? 0...4 : 0...23
        return [
            field(0...59, &random), field(hours, &random), field(1...31, &random),
            random.next() % 3 == 0 ? field(1...12, &random) : "*",
            random.next() % 2 == 0 ? field(0...7, &random) : "*",
        ].joined(separator: " ")
    }

    private func check(_ text: String, _ zone: Zone, _ span: PlainCron.Span) throws -> Int {
        let (from, through) = (span.from, span.through)
        let schedule = Schedule.cron(try CronExpression(parsing: text), zone)
        let expected = PlainCron(text).fires(in: span)
        var found: [Int] = []
        var minute = from
        while let next = schedule.next(after: Instant(secondsSinceEpoch: Int64(minute) * 60)),
            next.secondsSinceEpoch <= Int64(through) * 60
        {
            minute = Int(next.secondsSinceEpoch / 60)
            found.append(minute)
        }
        #expect(found == expected, "\(text) in \(zone)")
        for part in 1...6 {
            let (start, end) = (from + (through - from) / part / 2, from + (through - from) / part)
            let latest = schedule.latest(
                after: Instant(secondsSinceEpoch: Int64(start) * 60),
                through: Instant(secondsSinceEpoch: Int64(end) * 60)
            )
            let known = expected.last { $0 > start && $0 <= end }
            #expect(
                latest.map { Int($0.secondsSinceEpoch / 60) } == known,
                "the latest of \(text) in \(zone)"
            )
        }
        return expected.count
    }

    @Test(
        "next and latest agree with the walk, across changes of the clock",
        arguments: TestZones.rules.keys.sorted() + ["Test/Corrected", "UTC"]
    )
    func walk(name: String) throws {
        let zone = name == "Test/Corrected" ? TestZones.corrected : TestZones.zone(name)
        #expect((zone == .utc) == (name == "UTC"))
        var random = SeededRandom(seed: 41)
        var count = 0
        for day in Self.days + (name == "Test/Corrected" ? ["2011-12-30", "2012-06-18"] : []) {
            let middle = try Int(#require(Instant(day)).secondsSinceEpoch / 60)
            let span = PlainCron.Span(from: middle - 720, through: middle + 1440, in: zone)
            for _ in 0..<10 { count += try check(expression(&random), zone, span) }
        }
        #expect(count > 100)
    }
}
