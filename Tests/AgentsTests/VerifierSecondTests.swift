// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("Verifier: the gate, the rules and a second judge, each of which must agree")
struct VerifierSecondTests {
    /// A judge with an opinion, who remembers how often it was asked.
    private final class Judge: SecondJudge {
        private let opinion: Opinion
        private(set) var asked = 0

        init(agrees: Bool) {
            opinion = Opinion(agrees: agrees, reason: "luck", note: "thought")
        }

        func judge(_ strategy: Strategy, _ metrics: JSON, _ input: TurnInput) throws -> Opinion {
            asked += 1
            return opinion
        }
    }

    @Test("what the code lets pass is asked about, and passes only if the judge agrees")
    func second() throws {
        let (series, strategy, now) = try VerifierReportTests.promising()
        for agrees in [true, false] {
            let judge = Judge(agrees: agrees)
            var bench = VerifierBench(series)
            bench.second = judge

            let output = try bench.turn([try VerifierBench.report(strategy)], at: now)

            let body = try #require(output.bodies(.verdict).first)
            #expect(judge.asked == 1 && output.passes == [agrees])
            #expect(body["rules"]?.arrayValue?.last?["rule"] == "The second judge agrees.")
            #expect(body["rules"]?.arrayValue?.last?["holds"] == .bool(agrees))
            #expect(output.notes == ["thought\n"])
            let hash = try VerifierBench.typed(strategy).hash
            #expect(try (VerifierMemory(bench.state).approval(of: hash) != nil) == agrees)
            #expect(output.summary.contains("the second judge disagrees: luck") == !agrees)
        }
    }

    @Test("nobody is asked about what the code refuses, and nobody can let it pass")
    func refused() throws {
        let judge = Judge(agrees: true)
        var bench = VerifierBench(try Sample.simulated(sessions: 1300).series)
        bench.second = judge
        let report = try VerifierBench.report(try Sample.catalogued("reversion"))

        let output = try bench.turn([report], at: try Sample.close("2004-12-24"))

        #expect(judge.asked == 0 && output.passes == [false])
    }

    @Test("rules that all hold let nothing pass that the gate refuses")
    func gate() throws {
        var bench = VerifierBench(try Sample.simulated(sessions: 1300).series)
        let report = try VerifierBench.report(try Sample.catalogued("reversion"))

        let output = try bench.turn(
            [report],
            at: try Sample.close("2004-12-24"),
            skills: [try Sample.skill("a report", rules: ["true"])]
        )

        #expect(try output.broken() == [] && output.passes == [false])
        #expect(output.bodies(.verdict).first?["rules"]?.arrayValue?.count == 1)
    }

    @Test("families that have no returns here count as well")
    func families() throws {
        let (series, strategy, now) = try VerifierReportTests.promising()
        var bench = VerifierBench(series)
        let report = try VerifierBench.report(strategy)

        let output = try bench.turn(
            [try VerifierBench.trials(of: [report], count: 9, families: 6), report],
            at: now
        )

        let tried = output.bodies(.verdict).first?["metrics"]?["tried"]
        #expect(tried?["families"] == 6 && tried?["hypotheses"] == 9)
    }

    @Test("an intent that no rule judges is refused")
    func noRules() throws {
        let strategy = try Sample.strategy()
        var bench = try VerifierIntentTests.bench(strategy)

        let output = try bench.turn(
            [try VerifierBench.intent(strategy)],
            at: try Sample.close(VerifierIntentTests.friday),
            skills: [try Sample.skill("a report", rules: ["true"])]
        )

        #expect(output.passes == [false])
    }

    @Test("an exit takes no exposure and has no condition of its own to watch; an entry has both")
    func exits() throws {
        let strategy = try Sample.strategy(
            exit: "close > 0.0",
            extra: [.init("invalidation", "close < 1.0")]
        )
        var leaving = try VerifierIntentTests.bench(strategy)
        var entering = leaving
        let time = try Sample.close(VerifierIntentTests.friday)
        let lenient = try Sample.skill("an intent", rules: ["true"])

        let exit = try leaving.turn(
            [try VerifierBench.intent(strategy, "exit")],
            at: time,
            skills: [lenient]
        )
        let entry = try entering.turn(
            [try VerifierBench.intent(strategy)],
            at: time,
            skills: [lenient]
        )

        #expect(exit.passes == [true] && entry.passes == [true])
        #expect(try VerifierMemory(leaving.state).exposure(of: ["AAA"]) == .zero)
        #expect(try VerifierMemory(entering.state).exposure(of: ["AAA"]) > .zero)
        #expect(exit.bodies(.verdict).first?["invalidation"] == nil)
        #expect(entry.bodies(.verdict).first?["invalidation"] != nil)
    }

    @Test("a limit is a share of the close, also where the strategy states a distance")
    func limits() throws {
        let limits: [(JSON?, Double?)] = [
            (nil, nil), (.double(0.015), 0.015), ("close * 0.25", 0.25),
        ]
        for (limit, share) in limits {
            let strategy = try Sample.strategy(
                extra: limit.map { [JSON.Member("limit", $0)] } ?? []
            )
            var bench = try VerifierIntentTests.bench(strategy)
            let output = try bench.turn(
                [try VerifierBench.intent(strategy)],
                at: try Sample.close(VerifierIntentTests.friday),
                skills: [try Sample.skill("an intent", rules: ["true"])]
            )
            let body = try #require(output.bodies(.verdict).first)
            #expect(output.passes == [true])
            #expect(body["limit"]?.doubleValue == share)
        }
    }

    @Test("a symbol that no sector claims is a sector of its own")
    func loneSector() throws {
        let strategy = try Sample.strategy()
        var bench = try VerifierIntentTests.bench(strategy)
        bench.sectors = [:]

        let output = try bench.turn(
            [try VerifierBench.intent(strategy)],
            at: try Sample.close(VerifierIntentTests.friday),
            skills: [try Sample.skill("an intent", rules: [#"sector == "AAA""#])]
        )

        #expect(output.passes == [true])
    }

    @Test("returns of trials are said some at a time, each once, and not without end")
    func records() throws {
        let (series, strategy, now) = try VerifierReportTests.promising()
        let record = try TrialRecord(
            .strategy(strategy),
            history: series,
            seal: now,
            terms: GateTerms()
        )
        let all = (0..<60).map { (id: ContentHash(of: [UInt8($0)]), record: record) }
        var memory = try VerifierMemory(StateFile())
        var full = StateFile()
        full["trials_said"] = .array(
            (0..<VerifierMemory.saidLimit).map { .string("said-\($0)") }
        )
        var old = try VerifierMemory(full)

        let counts = (0..<3).map { _ in memory.unsaid(all)?["records"]?.arrayValue?.count }

        #expect(counts == [50, 10, nil])
        #expect(old.unsaid(all) == nil)
    }

    @Test("all trials of a year are compared over the same time, and those of the next anew")
    func years() throws {
        let (series, strategy, now) = try VerifierReportTests.promising()
        let trial = TrialNews.Hypothesis(
            id: try VerifierBench.typed(strategy).hash,
            strategy: strategy.json
        )
        let year = now.date.parts.year
        func seal(_ year: Int, _ month: Int) throws -> CalendarDate {
            try #require(CalendarDate(year: year, month: month, day: 15))
        }
        func records(_ recorder: TrialRecorder, _ seal: CalendarDate) -> [TrialRecord] {
            recorder.records(of: [trial], series, seal: seal).map(\.record)
        }
        let recorder = TrialRecorder(GateTerms())

        let spring = records(recorder, try seal(year - 1, 3))
        let autumn = records(TrialRecorder(GateTerms()), try seal(year - 1, 9))
        let next = records(recorder, try seal(year, 3))
        let fresh = records(TrialRecorder(GateTerms()), try seal(year, 3))

        #expect(spring.count == 1 && spring == autumn)
        #expect(next == fresh && next != spring)
    }
}
