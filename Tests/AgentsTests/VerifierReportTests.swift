// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Quant
import TestSupport
import Testing

@testable import Agents

@Suite("Verifier: reports")
struct VerifierReportTests {
    /// Metrics that satisfy every default rule.
    static let good: [(String, JSON)] = [
        ("sharpe", 1.6), ("max_drawdown", 0.05), ("newey_west_t", 2.5),
        ("years_out_of_sample", 2.0), ("trades", 10), ("in_sample", ["sharpe": 0.5]),
        ("backtests", backtests([1.6, 1.6, 1.6, 0.1, 0.1])),
        ("gate", ["dsr": 0.96, "pbo": 0.1]),
    ]

    static func backtests(_ sharpes: [Double]) -> JSON {
        .array(sharpes.map { ["sharpe": .double($0), "max_drawdown": 0.05] })
    }

    static func brokenRules(changing name: String?, to value: JSON) throws -> [String] {
        let members = good.map { JSON.Member($0.0, $0.0 == name ? value : $0.1) }
        let bindings = Bindings(JSON.object(members.filter { $0.value != .null }))
        let rules = try ["agents/verifier", "skills/trading-rules"]
            .flatMap { try Sample.skill($0).rules(for: .report) }
        try #require(rules.count == 9)
        return rules.map { $0.judge(bindings) }.filter { !$0.holds }.map(\.rule.predicate.source)
    }

    /// A market in which the turn of the month pays, and the strategy that finds it.
    static func promising() throws -> (series: [BarSeries], strategy: Strategy, now: Instant) {
        let series = try Sample.simulated(sessions: 1800, edge: 0.8, form: .turnOfMonth).series
        let last = try #require(series[0].times.last)
        return (
            series, try Sample.catalogued("turn-of-month"),
            Instant(last.date, secondOfDay: 75_600)
        )
    }

    @Test("a passed verdict has to hold in exactly the tests that the gate has")
    func tests() {
        #expect(GateTests.names == GateTest.Name.allCases.map(\.rawValue))
    }

    @Test("metrics at the good side of every default rule break none")
    func goodMetrics() throws {
        #expect(try Self.brokenRules(changing: nil, to: .null).isEmpty)
    }

    @Test(
        "each default rule breaks on its own",
        arguments: [
            ("sharpe", 1.5, "sharpe > 1.5"), ("sharpe", .null, "sharpe > 1.5"),
            ("max_drawdown", 0.10, "max_drawdown < 0.10"),
            ("newey_west_t", 2.0, "newey_west_t > 2.0"),
            ("newey_west_t", .null, "newey_west_t > 2.0"),
            ("years_out_of_sample", 1.99, "years_out_of_sample >= 2.0"),
            ("trades", 9, "trades >= 10"),
            ("in_sample", ["sharpe": 0.0], "in_sample.sharpe > 0.0"),
            ("in_sample", [:], "in_sample.sharpe > 0.0"),
            ("gate", ["dsr": 0.94, "pbo": 0.1], "gate.dsr >= 0.95"),
            ("gate", ["dsr": 0.96, "pbo": 0.21], "gate.pbo <= 0.20"),
        ] as [(String, JSON, String)]
    )
    func rule(name: String, value: JSON, predicate: String) throws {
        #expect(try Self.brokenRules(changing: name, to: value) == [predicate])
    }

    @Test(
        "three of the last five backtests must do, and there must be five",
        arguments: [
            ([1.6, 1.6, 1.6, 0, 0], true), ([0, 1.6, 0, 1.6, 1.6], true),
            ([1.6, 1.6, 1.5, 0, 0], false), ([1.6, 1.6, 1.6, 1.6], false), ([], false),
        ]
    )
    func threeOfFive(sharpes: [Double], holds: Bool) throws {
        let broken = try Self.brokenRules(changing: "backtests", to: Self.backtests(sharpes))

        #expect(broken.isEmpty == holds)
        #expect(broken.allSatisfy { $0.hasPrefix("backtests.size()") })
    }

    @Test("a strategy with a true edge passes and is approved for the term")
    func passes() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)

        let output = try bench.turn([try VerifierBench.report(strategy)], at: now)

        let body = try #require(output.bodies(.verdict).first)
        #expect(try output.broken() == [], "\(output.summary)")
        #expect(body["passed"]?.boolValue == true)
        #expect(
            body["approved_until"]?.stringValue == now.date.adding(days: 365).description
        )
        #expect(body["subject"]?.stringValue == "report-7-1")
        #expect(body["looks"]?.intValue == 1)
        let last = try #require(series[0].times.last).date.description
        #expect(
            body["look"] == ["trial": body["strategy_hash"] ?? .null, "through": .string(last)]
        )
        #expect(body["sample"]?["returns"]?.intValue == 504)
        #expect(output.summary.contains("PASSED"))
        #expect(
            try VerifierMemory(bench.state).approval(of: try VerifierBench.typed(strategy).hash)
                != nil
        )
    }

    @Test("a strategy without an edge fails and is not approved")
    func fails() throws {
        let series = try Sample.simulated(sessions: 1300).series
        let strategy = try Sample.catalogued("reversion")
        var bench = VerifierBench(series)

        let output = try bench.turn(
            [try VerifierBench.report(strategy)],
            at: try Sample.close("2004-12-24")
        )

        #expect(output.passes == [false])
        #expect(output.bodies(.verdict).first?["approved_until"] == .null)
        #expect(output.summary.contains("failed"))
        #expect(
            try VerifierMemory(bench.state).approval(of: try VerifierBench.typed(strategy).hash)
                == nil
        )
    }

    @Test("every name that a rule may read is among the metrics")
    func vocabulary() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)

        let output = try bench.turn([try VerifierBench.report(strategy)], at: now)

        let metrics = try #require(output.bodies(.verdict).first?["metrics"])
        for path in RuleVocabulary.paths(for: .report) {
            let value = path.split(separator: ".").reduce(Optional(metrics)) { json, name in
                json?[String(name)]
            }
            #expect(value != nil, "\(path)")
        }
    }

    @Test("a strategy that is not the one of the hash fails with that reason")
    func wrongHash() throws {
        let (series, strategy, now) = try Self.promising()
        let other = try Sample.strategy().hash.description
        var bench = VerifierBench(series)

        let output = try bench.turn([try VerifierBench.report(strategy, hash: other)], at: now)

        #expect(output.passes == [false])
        #expect(
            output.summary == "a report refused: the strategy is not the one that its hash names"
        )
    }

    @Test(
        "a report without a strategy that can be judged fails with the reason",
        arguments: [
            (["fault": "free_text"], "no place in an expression"),
            (["fault": "unknown_symbol"], "a symbol that the desk does not"),
            (["fault": "malformed"], "no strategy that can be read"),
            (["fault": "other_hash"], "not the one that its hash names"),
            (["strategy": ["on": "nothing"]], "no strategy that can be read"), ([:], "no strategy"),
        ] as [(JSON, String)]
    )
    func faults(body: JSON, reason: String) throws {
        var bench = VerifierBench(try Sample.simulated(sessions: 300).series)
        let report = Signal(id: "report-7-1", topic: .report, body: body)

        let output = try bench.turn([report], at: try Sample.close("2001-03-01"))

        #expect(output.passes == [false])
        let verdict = try #require(output.bodies(.verdict).first)
        #expect(verdict["reason"]?.stringValue?.contains(reason) == true)
        #expect(verdict["subject"] == "report-7-1")
    }

    @Test("a verifier that is not told of the trials passes nothing")
    func noTrials() throws {
        let (series, strategy, now) = try Self.promising()
        let bench = VerifierBench(series)
        let input = try Sample.input(now, [try VerifierBench.report(strategy)])

        let output = try bench.verifier.turn(input)

        #expect(output.passes == [false])
        #expect(output.summary.contains("the count of trials was not delivered"))
    }

    @Test("before there are bars a report fails for that reason")
    func noBars() throws {
        var bench = VerifierBench([])

        let output = try bench.turn(
            [try VerifierBench.report(try Sample.strategy())],
            at: try Sample.close("2024-03-08")
        )

        #expect(output.passes == [false])
        let verdict = try #require(output.bodies(.verdict).first)
        #expect(verdict["reason"]?.stringValue?.hasPrefix("evaluation: ") == true)
        #expect(verdict["look"] == .null)
    }

    @Test("an idea that has had its look gets no second one while the window holds what it saw")
    func secondLook() throws {
        let (series, strategy, now) = try Self.promising()
        let report = try VerifierBench.report(strategy)
        let seal = now.date.adding(years: -2)
        var seen = VerifierBench(series)
        var moved = VerifierBench(series)

        let refused = try seen.turn(
            [
                try VerifierBench.trials(
                    of: [report],
                    looks: [(strategy, seal.adding(days: 1).description)]
                ), report,
            ],
            at: now
        )
        let allowed = try moved.turn(
            [try VerifierBench.trials(of: [report], looks: [(strategy, "\(seal)")]), report],
            at: now
        )

        #expect(refused.passes == [false])
        #expect(refused.summary.contains("one_look"))
        #expect(refused.bodies(.verdict).first?["look"] == .null)
        #expect(allowed.passes == [true])
        #expect(allowed.bodies(.verdict).first?["looks"]?.intValue == 2)
    }

    @Test("two names for one idea get one look between them, also within a turn")
    func oneIdea() throws {
        let (series, strategy, now) = try Self.promising()
        let renamed = try Strategy(
            .object(
                (strategy.json.objectValue ?? []).map {
                    $0.name == "enter"
                        ? .init("enter", "true && weekdays_left_in_month() == last") : $0
                }
            )
        )
        try #require(
            try VerifierBench.typed(renamed).hash != VerifierBench.typed(strategy).hash
        )
        var bench = VerifierBench(series)

        let output = try bench.turn(
            [try VerifierBench.report(strategy), try VerifierBench.report(renamed)],
            at: now
        )

        #expect(output.passes == [true, false])
        #expect(output.bodies(.verdict).map { $0["looks"]?.intValue } == [1, 1])
    }

    @Test("many trials before take away what passed as the first")
    func manyTrials() throws {
        let (series, strategy, now) = try Self.promising()
        let report = try VerifierBench.report(strategy)
        var bench = VerifierBench(series)

        let output = try bench.turn(
            [try VerifierBench.trials(of: [report], count: 1_000_000_000), report],
            at: now
        )

        let metrics = try #require(output.bodies(.verdict).first?["metrics"])
        #expect(metrics["tried"]?["hypotheses"]?.intValue == 1_000_000_000)
        var few = VerifierBench(series)
        let first = try few.turn([report], at: now)
        let dsr = first.bodies(.verdict).first?["metrics"]?["gate"]?["dsr"]?.doubleValue
        #expect((metrics["gate"]?["dsr"]?.doubleValue ?? 1) < (dsr ?? 0))
    }

    @Test("the returns of each trial are said once")
    func returns() throws {
        let (series, strategy, now) = try Self.promising()
        let report = try VerifierBench.report(strategy)
        var bench = VerifierBench(series)

        let first = try bench.turn([report], at: now)
        let second = try bench.turn([report], at: now)

        let records = try #require(first.bodies(.trials).first?["records"]?.arrayValue)
        #expect(records.map { $0["trial"] } == [report.body["strategy_hash"]])
        let weeks = records[0]["record"]?["identity"]?["weeks"]?["steps"]?.arrayValue ?? []
        #expect(weeks.count > 100)
        #expect(second.bodies(.trials).isEmpty)
    }

    @Test("a window short of two years fails by that rule alone")
    func shortWindow() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)
        bench.window = 503

        let output = try bench.turn([try VerifierBench.report(strategy)], at: now)

        #expect(try output.broken() == ["years_out_of_sample >= 2.0"])
    }

    @Test("a history that is all sealed has no figures in sample")
    func allSealed() throws {
        let series = try Sample.simulated(sessions: 400, edge: 1).series
        let now = try #require(series[0].times.last)
        var bench = VerifierBench(series)

        let output = try bench.turn(
            [try VerifierBench.report(try Sample.catalogued("reversion"))],
            at: now
        )

        let metrics = try #require(output.bodies(.verdict).first?["metrics"])
        #expect(metrics["in_sample"]?["sharpe"] == nil)
        #expect(metrics["sharpe"] == nil)
        #expect(output.passes == [false])
    }

    @Test("without rules nothing passes")
    func noRules() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)
        let plain = try Skill(parsing: Sample.plainSkill, file: "agents/plain/SKILL.md")

        let output = try bench.turn(
            [try VerifierBench.report(strategy)],
            at: now,
            skills: [plain]
        )

        #expect(output.passes == [false])
    }

    @Test("approvals long past are forgotten")
    func memory() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)
        try bench.approve(strategy, until: now.date.adding(days: -730).description)
        let other = try Sample.strategy()
        try bench.approve(other, until: now.date.adding(days: -731).description)

        _ = try bench.turn([], at: now)

        let memory = try VerifierMemory(bench.state)
        #expect(try memory.approval(of: try VerifierBench.typed(strategy).hash) != nil)
        #expect(try memory.approval(of: try VerifierBench.typed(other).hash) == nil)
    }

    @Test(
        "bars that are not yet published change no verdict",
        .scratchFolder,
        arguments: [700, 901, 1100]
    )
    func lookAhead(sessions: Int) throws {
        let (series, strategy, _) = try Self.promising()
        let known = series.map { $0[0..<sessions] }
        let last = try #require(known[0].times.last)
        let now = Instant(last.date, secondOfDay: 75_600)
        let folder = Folder(try ScratchFolder.path).folder("market")
        try folder.create()
        var archive = MarketArchive(folder: folder, sealedYears: 2, recentBars: 60)
        try archive.restart()
        archive.record(known.flatMap(\.bars))
        try archive.publish(at: now)
        archive.record(series.flatMap { $0[sessions..<$0.count].bars })
        let files = MarketFiles(folder: folder.folder("full"))
        files.advance(to: now)
        var blind = VerifierBench(known)
        var published = VerifierBench(market: files)

        let first = try blind.turn([try VerifierBench.report(strategy)], at: now)
        let second = try published.turn([try VerifierBench.report(strategy)], at: now)

        #expect(first.bytes == second.bytes)
    }

    @Test("the same report gives the same verdict, to the byte")
    func deterministic() throws {
        let (series, strategy, now) = try Self.promising()
        var one = VerifierBench(series)
        var two = VerifierBench(series)

        let first = try one.turn([try VerifierBench.report(strategy)], at: now)
        let second = try two.turn([try VerifierBench.report(strategy)], at: now)

        #expect(first.bytes == second.bytes)
    }
}
