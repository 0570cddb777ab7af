// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import Testing

@testable import Supervisor

@Suite("Supervision")
struct SupervisionStateTests {
    @Test("a failure restarts the agent alone, after a wait")
    func restart() {
        var bench = SupervisionBench()

        let decision = bench.fail("ingestor")

        guard case .restart(let agents, let wait) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(agents == SupervisionBench.names("ingestor"))
        #expect(wait >= .zero && wait < .milliseconds(100))
        #expect(bench.condition("ingestor") == .restarted(used: 1, of: 3))
        #expect(bench.condition("risk") == .sound)
    }

    @Test("a crash loop is ended after exactly the allowed restarts", arguments: [0, 1, 3, 5])
    func intensity(limit: Int) {
        var bench = SupervisionBench(SupervisionBench.rules(restarts: limit))

        let restarts = bench.failUntilQuarantine("ingestor")

        #expect(restarts == limit)
        #expect(bench.state.quarantines.map(\.agent) == SupervisionBench.names("ingestor"))
        #expect(bench.fail("ingestor") == .leave)
        #expect(bench.condition("researcher") == .sound)
    }

    @Test("failures that are further apart than the window never end in quarantine")
    func slowFailures() {
        var bench = SupervisionBench()

        let restarts = bench.failUntilQuarantine("ingestor", every: 20.1)

        #expect(restarts == 1000)
    }

    @Test("failures just within the window do")
    func fastFailures() {
        var bench = SupervisionBench()

        let restarts = bench.failUntilQuarantine("ingestor", every: 19.9)

        #expect(restarts == 3)
    }

    @Test("the quarantine says why, since when and how often was tried")
    func reason() {
        var bench = SupervisionBench()
        for _ in 0..<3 { bench.fail("ingestor") }

        let decision = bench.fail("ingestor", "the process\nended: 7")

        #expect(
            decision
                == .quarantine(
                    SupervisionBench.names("ingestor"),
                    haltTrading: false,
                    reason: "more than 3 restarts within 60.0 seconds; the last failure: "
                        + "the process ended: 7"
                )
        )
        #expect(bench.state.quarantines.first?.reason == "the process ended: 7")
        #expect(bench.state.quarantines.first?.since == SupervisionBench.start)
    }

    @Test(
        "trading halts when an agent that guards money is out of service, and only then",
        arguments: [("executor", true), ("risk", true), ("verifier", false), ("ingestor", false)]
    )
    func halt(agent: String, halts: Bool) {
        var bench = SupervisionBench(SupervisionBench.rules(restarts: 0))

        let decision = bench.fail(agent)

        guard case .quarantine(_, let haltTrading, _) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(haltTrading == halts)
        #expect(bench.state.haltsTrading == halts)
        #expect(bench.restarted().state.haltsTrading == halts)
    }

    @Test("an agent that is refused a sandbox is out at once, and back where it is refused no more")
    func refused() {
        let groups = [SupervisionBench.money(.restForOne)]
        var bench = SupervisionBench(SupervisionBench.rules(groups: groups))
        bench.failUntilQuarantine("ingestor")
        let researcher = SupervisionBench.name("researcher")
        let verifier = SupervisionBench.name("verifier")

        let decision = bench.state.refused(researcher, reason: "no sandbox", at: bench.now)
        _ = bench.state.refused(verifier, reason: "no sandbox", at: bench.now)
        var next = bench.restarted(SupervisionBench.rules(groups: groups))
        let readmitted = next.state.readmit(except: [researcher])

        #expect(decision == .quarantine([researcher], haltTrading: false, reason: "no sandbox"))
        #expect(bench.state.haltsTrading)
        #expect(readmitted == SupervisionBench.names("verifier", "executor", "risk"))
        #expect(
            next.state.quarantines.map(\.agent) == SupervisionBench.names("ingestor", "researcher")
        )
        #expect(!next.state.haltsTrading)
    }

    @Test(
        "a strategy names the agents that fall with one, in starting order",
        arguments: [
            (SupervisionConfiguration.Strategy.oneForOne, "executor", ["executor"]),
            (.oneForAll, "executor", ["verifier", "executor", "risk"]),
            (.restForOne, "verifier", ["verifier", "executor", "risk"]),
            (.restForOne, "executor", ["executor", "risk"]), (.restForOne, "risk", ["risk"]),
            (.oneForAll, "ingestor", ["ingestor"]),
        ]
    )
    func strategies(
        strategy: SupervisionConfiguration.Strategy,
        agent: String,
        expected: [String]
    ) {
        let groups = [SupervisionBench.money(strategy)]
        var bench = SupervisionBench(SupervisionBench.rules(restarts: 1, groups: groups))

        guard case .restart(let restarted, _) = bench.fail(agent),
            case .quarantine(let stopped, _, _) = bench.fail(agent)
        else {
            Issue.record("no restart and quarantine")
            return
        }

        #expect(restarted.map(\.description) == expected)
        #expect(stopped == restarted)
    }

    @Test("agents that fall together share the count of their restarts")
    func sharedCount() {
        let groups = [SupervisionBench.money(.oneForAll)]
        var bench = SupervisionBench(SupervisionBench.rules(groups: groups))
        bench.fail("verifier")
        bench.fail("executor")
        bench.fail("risk")

        let decision = bench.fail("verifier")

        guard case .quarantine(let stopped, let halts, _) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(stopped.count == 3)
        #expect(halts)
        #expect(
            bench.state.quarantines.map(\.cause.description)
                == Array(repeating: "verifier", count: 3)
        )
    }

    @Test("a group of one_for_one counts for each agent")
    func ownCount() {
        let groups = [SupervisionBench.money(.oneForOne)]
        var bench = SupervisionBench(SupervisionBench.rules(groups: groups))
        for _ in 0..<3 { bench.fail("verifier") }

        bench.fail("executor")

        #expect(bench.condition("verifier") == .restarted(used: 3, of: 3))
        #expect(bench.condition("executor") == .restarted(used: 1, of: 3))
    }

    @Test("an agent that ran long enough begins anew")
    func stability() {
        var bench = SupervisionBench()
        for _ in 0..<3 { bench.fail("ingestor") }

        bench.run("ingestor", for: 60)

        #expect(bench.condition("ingestor") == .sound)
        #expect(bench.state.record(at: bench.now) == SupervisionRecord())
        #expect(bench.failUntilQuarantine("ingestor") == 3)
    }

    @Test("one that ran a little less does not")
    func noStability() {
        var rules = SupervisionBench.rules()
        rules.window = .seconds(600)
        var bench = SupervisionBench(rules)
        for _ in 0..<3 { bench.fail("ingestor") }

        bench.run("ingestor", for: 59)

        #expect(bench.condition("ingestor") == .restarted(used: 3, of: 3))
        #expect(bench.failUntilQuarantine("ingestor") == 0)
    }

    @Test("a group is stable only when the last of it has been up long enough")
    func groupStability() {
        var rules = SupervisionBench.rules(groups: [SupervisionBench.money(.oneForAll)])
        rules.window = .seconds(600)
        var bench = SupervisionBench(rules)
        bench.fail("risk")
        bench.run("risk", for: 40)

        bench.run("executor", for: 40)
        let early = bench.condition("risk")
        bench.advance(20)

        #expect(early == .restarted(used: 1, of: 3))
        #expect(bench.condition("risk") == .sound)
    }

    @Test("waits grow from failure to failure and begin anew after stability")
    func backoff() {
        func longest(stable: Bool) -> Duration {
            var longest = Duration.zero
            for seed in 0..<200 as Range<UInt64> {
                var bench = SupervisionBench(SupervisionBench.rules(restarts: 9))
                bench.random = SeededRandom(seed: seed)
                for _ in 0..<5 { bench.fail("ingestor") }
                if stable { bench.run("ingestor", for: 60) }
                if case .restart(_, let wait) = bench.fail("ingestor") {
                    longest = max(longest, wait)
                }
            }
            return longest
        }

        #expect(longest(stable: false) > .milliseconds(1500))
        #expect(longest(stable: true) == .zero)
    }

    @Test("a start that the machine refuses is tried for ever and never blamed on the agent")
    func refusedStarts() {
        var bench = SupervisionBench()
        var longest = Duration.zero

        for _ in 0..<500 {
            let decision = bench.state.startRefused(
                SupervisionBench.name("risk"),
                at: bench.now,
                random: &bench.random
            )
            guard case .restart(_, let wait) = decision else {
                Issue.record("\(decision)")
                return
            }
            longest = max(longest, wait)
            bench.advance(0.1)
        }

        #expect(bench.condition("risk") == .sound)
        #expect(longest > .seconds(25) && longest < .seconds(30))
    }

    @Test("a release puts back all that went out together, and their count begins anew")
    func release() {
        let groups = [SupervisionBench.money(.restForOne)]
        var bench = SupervisionBench(SupervisionBench.rules(restarts: 1, groups: groups))
        bench.fail("ingestor")
        bench.fail("ingestor")
        bench.fail("executor")
        bench.fail("executor")

        let nobody = bench.state.release(SupervisionBench.name("verifier"))
        let released = bench.state.release(SupervisionBench.name("risk"))

        #expect(nobody.isEmpty)
        #expect(released == SupervisionBench.names("executor", "risk"))
        #expect(bench.state.quarantines.map(\.agent) == SupervisionBench.names("ingestor"))
        #expect(!bench.state.haltsTrading)
        #expect(bench.failUntilQuarantine("executor") == 1)
    }
}
