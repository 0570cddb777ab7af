// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import Testing

@testable import Supervisor

@Suite("Supervision across restarts of the supervisor")
struct SupervisionRestartTests {
    @Test("restarts in the window are counted on")
    func countedOn() {
        var bench = SupervisionBench()
        for _ in 0..<2 { bench.fail("ingestor") }
        bench.advance(30)

        var next = bench.restarted()

        #expect(next.condition("ingestor") == .restarted(used: 2, of: 3))
        #expect(next.failUntilQuarantine("ingestor") == 1)
    }

    @Test("a supervisor that is killed after each failure still ends the crash loop")
    func crashLoop() {
        var bench = SupervisionBench()
        var restarts = 0

        while restarts < 100, case .restart = bench.fail("ingestor") {
            restarts += 1
            bench.advance(1)
            bench = bench.restarted()
        }

        #expect(restarts == 3)
        #expect(bench.restarted().state.quarantines.map(\.agent.description) == ["ingestor"])
    }

    @Test("what left the window meanwhile is forgotten")
    func agedOut() {
        var bench = SupervisionBench()
        for _ in 0..<3 { bench.fail("ingestor") }

        bench.wallOffset = 60
        let next = SupervisionBench.resumed(
            bench.state.record(at: .init(wall: SupervisionBench.start, steady: bench.now.steady)),
            at: bench.now
        )

        #expect(next.condition("ingestor") == .sound)
    }

    @Test(
        "a clock that was set back lets no restart count for longer than a window",
        arguments: [-30, -3600, -315_360_000] as [Double]
    )
    func setBack(offset: Double) {
        var bench = SupervisionBench()
        for _ in 0..<3 { bench.fail("ingestor") }
        let record = bench.state.record(at: bench.now)

        bench.wallOffset = offset
        var next = SupervisionBench.resumed(record, at: bench.now)
        let first = next.condition("ingestor")
        next.advance(60)

        #expect(first == .restarted(used: 3, of: 3))
        #expect(next.condition("ingestor") == .sound)
    }

    @Test(
        "a clock that is set while the supervisor runs changes nothing",
        arguments: [-7200, 7200] as [Double]
    )
    func setWhileRunning(offset: Double) {
        var bench = SupervisionBench()
        bench.fail("ingestor")
        bench.advance(10)

        bench.wallOffset = offset
        bench.fail("ingestor")
        let next = bench.restarted()

        #expect(bench.condition("ingestor") == .restarted(used: 2, of: 3))
        #expect(next.condition("ingestor") == .restarted(used: 2, of: 3))
    }

    @Test("agents and groups that are gone from the configuration leave no count behind")
    func reconfigured() {
        var bench = SupervisionBench(
            SupervisionBench.rules(groups: [SupervisionBench.money(.oneForAll)])
        )
        bench.fail("risk")

        let next = bench.restarted()

        #expect(next.condition("risk") == .sound)
        #expect(next.state.record(at: next.now) == SupervisionRecord())
    }

    @Test("a smaller limit of a new configuration holds for what is remembered")
    func smallerLimit() {
        var bench = SupervisionBench()
        for _ in 0..<3 { bench.fail("ingestor") }

        var next = bench.restarted(SupervisionBench.rules(restarts: 1))

        #expect(next.condition("ingestor") == .restarted(used: 1, of: 1))
        #expect(next.failUntilQuarantine("ingestor") == 0)
    }
}

extension SupervisionBench {
    /// A supervisor that finds a record.
    static func resumed(_ record: SupervisionRecord, at now: Moment) -> SupervisionBench {
        var bench = SupervisionBench()
        bench.advance(Double(now.steady.nanoseconds) / 1e9)
        bench.wallOffset =
            Double(now.wall.secondsSinceEpoch - start.secondsSinceEpoch)
            - Double(now.steady.nanoseconds) / 1e9
        bench.state.resume(record, at: now)
        return bench
    }
}
