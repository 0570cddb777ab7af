// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import Synchronization
import Testing

@testable import Supervisor

@Suite("Spans on a live desk")
struct LiveClockTests {
    /// Both clocks of a computer, in the test's hand.
    private final class Clocks: WallClock, MonotonicClock {
        private let state = Mutex((wall: Int64(0), steady: Int64(0)))

        func now() -> Instant {
            Instant(nanosecondsSinceEpoch: state.withLock { $0.wall * 1_000_000 })
        }

        func now() -> MonotonicInstant {
            MonotonicInstant(nanoseconds: state.withLock { $0.steady * 1_000_000 })
        }

        /// Lets time go by, in milliseconds; the clock on the wall may be set meanwhile.
        func pass(_ steady: Int64, wall: Int64? = nil) {
            state.withLock {
                $0.steady += steady
                $0.wall += wall ?? steady
            }
        }
    }

    private let clocks = Clocks()

    private func clock(since last: Instant? = nil, missed: String = "once") throws -> LiveClock {
        let configuration = try DeskConfiguration(
            parsing: """
                version: 1
                name: clock
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: sim, seed: 1, edge: 0}, symbols: [MSFT]}
                account: {capital: 1}
                agents:
                  risk: {role: risk, every: 2s, missed: \(missed)}
                """
        )
        var clock = LiveClock(wall: clocks, steady: clocks)
        clock.add(try #require(configuration.agents.first), since: last)
        return clock
    }

    /// When it fires now, in milliseconds since 1970.
    private func fire(_ clock: inout LiveClock) -> [Int64] {
        clock.fires().map { $0.trigger.time.nanosecondsSinceEpoch / 1_000_000 }
    }

    @Test("a fire has the time of its multiple, however late the desk looks")
    func multiples() throws {
        clocks.pass(1_500)
        var clock = try clock()

        let early = fire(&clock)
        clocks.pass(503)
        let first = fire(&clock)
        let again = fire(&clock)
        clocks.pass(3_000)
        let late = fire(&clock)

        #expect(early.isEmpty)
        #expect(first == [2_000])
        #expect(again.isEmpty)
        #expect(late == [4_000])
    }

    @Test("a clock on the wall that is behind by a little does not make two fires of one")
    func slow() throws {
        var clock = try clock(since: Instant(nanosecondsSinceEpoch: 0))

        clocks.pass(2_000, wall: 1_990)
        let first = fire(&clock)
        clocks.pass(15)
        let second = fire(&clock)
        clocks.pass(1_995)
        let third = fire(&clock)

        #expect(first == [2_000])
        #expect(second.isEmpty)
        #expect(third == [4_000])
    }

    @Test("a clock that is set neither adds nor drops a fire")
    func set() throws {
        var clock = try clock(since: Instant(nanosecondsSinceEpoch: 0))

        clocks.pass(2_000, wall: 3_602_000)
        let ahead = fire(&clock)
        clocks.pass(2_000, wall: -3_598_000)
        let back = fire(&clock)
        clocks.pass(2_000)
        let after = fire(&clock)

        #expect(ahead == [3_602_000])
        #expect(back == [4_000])
        #expect(after == [6_000])
    }

    @Test("what was missed while the desk was down comes once, or not at all")
    func missed() throws {
        clocks.pass(9_100)
        var once = try clock(since: Instant(nanosecondsSinceEpoch: 1_000_000_000))
        var skipping = try clock(
            since: Instant(nanosecondsSinceEpoch: 1_000_000_000),
            missed: "skip"
        )

        #expect(fire(&once) == [8_000])
        #expect(fire(&once).isEmpty)
        #expect(fire(&skipping).isEmpty)
        #expect(once.takeMissed().isEmpty, "they are late by seconds")
        #expect(skipping.takeMissed().isEmpty)
    }

    @Test(
        "fires that were missed by more than a minute are counted, up to a limit",
        arguments: [1, 0]
    )
    func counted(runs: Int) throws {
        let missed = runs == 1 ? "once" : "skip"
        func told(_ clock: inout LiveClock) -> [[Int]] {
            _ = fire(&clock)
            return clock.takeMissed().map { [$0.fires, $0.runs] }
        }
        clocks.pass(69_000)
        var day = try clock(since: Instant(secondsSinceEpoch: 1), missed: missed)
        let some = told(&day)
        let again = told(&day)
        clocks.pass(3_600_000)
        var months = try clock(since: Instant(secondsSinceEpoch: 1), missed: missed)
        let most = told(&months)
        clocks.pass(2_000)
        let onTime = told(&months)
        clocks.pass(120_000)
        let slept = told(&months)

        #expect(some == [[34, runs]])
        #expect(again == [])
        #expect(most == [[LiveClock.mostCounted, runs]])
        #expect(onTime == [])
        #expect(slept == [[60, 1]], "a desk that is up runs it, whatever it does at its start")
    }
}
