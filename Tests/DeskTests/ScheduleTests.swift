// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Schedules")
struct ScheduleTests {
    private func cron(_ text: String, _ zone: Zone) throws -> Schedule {
        .cron(try CronExpression(parsing: text), zone)
    }

    private func fires(_ schedule: Schedule, from: String, _ count: Int) throws -> [String] {
        var instant = try #require(Instant(from))
        var found: [String] = []
        while found.count < count, let next = schedule.next(after: instant) {
            found.append(next.description)
            instant = next
        }
        return found
    }

    @Test(
        "the next fires in New York are those of the reference",
        arguments: [
            (
                "0 9 * * 1-5", "2026-11-20T10:00:00-05:00",
                ["2026-11-23T14:00:00Z", "2026-11-24T14:00:00Z", "2026-11-25T14:00:00Z"]
            ),
            (
                "0 0 13 * 5", "2026-11-01T00:00:00-04:00",
                ["2026-11-06T05:00:00Z", "2026-11-13T05:00:00Z", "2026-11-20T05:00:00Z"]
            ),
            (
                "*/7 * * * *", "2026-11-20T10:50:00-05:00",
                ["2026-11-20T15:56:00Z", "2026-11-20T16:00:00Z", "2026-11-20T16:07:00Z"]
            ),
            (
                "0 0 29 2 *", "2026-01-01",
                ["2028-02-29T05:00:00Z", "2032-02-29T05:00:00Z", "2036-02-29T05:00:00Z"]
            ),
            (
                "0 0 * * 7", "2026-11-20",
                ["2026-11-22T05:00:00Z", "2026-11-29T05:00:00Z", "2026-12-06T05:00:00Z"]
            ),
            (
                "5-20/5 * * * *", "2026-11-20T10:00:00-05:00",
                ["2026-11-20T15:05:00Z", "2026-11-20T15:10:00Z", "2026-11-20T15:15:00Z"]
            ),
            // A star with a step does not restrict: both day fields must match.
            (
                "0 0 1,15 * */2", "2026-11-20",
                ["2026-12-01T05:00:00Z", "2026-12-15T05:00:00Z"]
            ),
            // Half past two does not exist: it runs right after the change, once.
            (
                "30 2 * * *", "2026-03-07T12:00:00Z",
                ["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]
            ),
            // Half past one comes twice: it runs in the first.
            (
                "30 1 * * *", "2026-10-31T12:00:00Z",
                ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
            ),
            (
                "0 * * * *", "2026-03-08T05:30:00Z",
                ["2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z"]
            ),
            (
                "*/30 * * * *", "2026-11-01T05:00:00Z",
                ["2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z"]
            ),
            // Years far ahead follow the rule at the end of the file.
            ("0 12 1 7 *", "2150-01-01", ["2150-07-01T16:00:00Z", "2151-07-01T16:00:00Z"]),
        ] as [(String, String, [String])]
    )
    func newYork(text: String, from: String, expected: [String]) throws {
        let schedule = try cron(text, TestZones.zone("America/New_York"))

        #expect(try fires(schedule, from: from, expected.count) == expected)
    }

    @Test("several fixed times that are skipped together run once, right after the change")
    func skippedTogether() throws {
        let schedule = try cron("0,30 2,3 * * *", TestZones.zone("America/New_York"))

        #expect(
            try fires(schedule, from: "2026-03-08T00:00:00Z", 3) == [
                "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:00:00Z",
            ]
        )
    }

    @Test("a change of three hours or more is a correction: what it skips is skipped")
    func correction() throws {
        let schedule = try cron("0 9 * * *", TestZones.corrected)

        let found = try fires(schedule, from: "2011-12-28T12:00:00Z", 3)

        #expect(found == ["2011-12-28T19:00:00Z", "2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z"])
    }

    @Test("an interval stays on the multiples of its span since 1970")
    func interval() throws {
        let schedule = Schedule.interval(try #require(TimeLimit("90s")))
        let before = try #require(Instant("1969-12-31T23:59:59Z"))
        let now = try #require(Instant("2026-11-20T10:00:30Z"))

        #expect(schedule.next(after: before) == Instant(secondsSinceEpoch: 0))
        #expect(schedule.next(after: now)?.description == "2026-11-20T10:01:30Z")
        #expect(schedule.latest(after: before, through: now)?.description == "2026-11-20T10:00:00Z")
        #expect(schedule.latest(after: now, through: now.adding(seconds: 59)) == nil)
        #expect(schedule.next(after: Instant(nanosecondsSinceEpoch: .max)) == nil)
    }

    @Test("a bar, a start of the desk and the end of time have no next fire")
    func none() throws {
        let start = Instant(secondsSinceEpoch: 0)
        let end = try #require(Instant("2262-04-01"))

        #expect(Schedule.bar.next(after: start) == nil && Schedule.bar.isBar)
        #expect(try cron("@reboot", .utc).next(after: start) == nil)
        #expect(try cron("@reboot", .utc).isAtStart)
        #expect(try cron("0 0 1 12 *", .utc).next(after: end) == nil)
    }

    @Test("of the fires that were missed over years, the newest is found at once")
    func latest() throws {
        let schedule = try cron("* * * * *", TestZones.zone("America/New_York"))
        let yearly = try cron("0 0 29 2 *", TestZones.zone("America/New_York"))
        let start = try #require(Instant("1990-01-01"))
        let end = try #require(Instant("2026-11-20T10:00:30Z"))

        #expect(schedule.latest(after: start, through: end)?.description == "2026-11-20T10:00:00Z")
        #expect(yearly.latest(after: start, through: end)?.description == "2024-02-29T05:00:00Z")
        #expect(schedule.latest(after: end, through: end.adding(seconds: 29)) == nil)
        #expect(schedule.latest(after: end, through: start) == nil)
    }

    @Test("in a replay a cron expression is due at the first bar at or after each of its times")
    func replay() throws {
        let schedule = try cron("0 12 * * mon", .utc)
        let bars = (1...10).compactMap { Instant("2000-03-\($0 < 10 ? "0" : "")\($0)T21:00:00Z") }
        let start = try #require(Instant("2000-03-01"))

        let due = bars.indices.filter { index in
            schedule.isDue(
                at: bars[index],
                after: index == 0 ? nil : bars[index - 1],
                since: start
            )
        }

        #expect(due.map { bars[$0].description } == ["2000-03-06T21:00:00Z"])
        #expect(Schedule.bar.isDue(at: bars[1], after: bars[0], since: start))
        let midnight = try cron("0 0 1 3 *", .utc)
        #expect(midnight.isDue(at: bars[0], after: nil, since: start))
        #expect(!midnight.isDue(at: bars[1], after: bars[0], since: start))
        let boot = try cron("@reboot", .utc)
        #expect(boot.isDue(at: bars[0], after: nil, since: start))
        #expect(!boot.isDue(at: bars[1], after: bars[0], since: start))
    }
}
