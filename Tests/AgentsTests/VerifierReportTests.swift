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
    ]

    static func backtests(_ sharpes: [Double]) -> JSON {
        .array(sharpes.map { ["sharpe": .double($0), "max_drawdown": 0.05] })
    }

    static func brokenRules(changing name: String?, to value: JSON) throws -> [String] {
        let members = good.map { JSON.Member($0.0, $0.0 == name ? value : $0.1) }
        let bindings = Bindings(JSON.object(members.filter { $0.value != .null }))
        let rules = try ["agents/verifier", "skills/trading-rules"]
            .flatMap { try Sample.skill($0).rules(for: .report) }
        try #require(rules.count == 7)
        return rules.map { $0.judge(bindings) }.filter { !$0.holds }.map(\.rule.predicate.source)
    }

    /// A market in which reversals pay, and the strategy that finds them.
    static func promising() throws -> (series: [BarSeries], strategy: Strategy, now: Instant) {
        let series = try Sample.simulated(sessions: 1300, edge: 1).series
        let last = try #require(series[0].times.last)
        return (
            series, try Sample.catalogued("reversion"), Instant(last.date, secondOfDay: 75_600)
        )
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

        let output = try bench.turn([VerifierBench.report(strategy)], at: now)

        let body = try #require(output.bodies(.verdict).first)
        #expect(try output.broken() == [])
        #expect(body["passed"]?.boolValue == true)
        #expect(
            body["approved_until"]?.stringValue == now.date.adding(days: 365).description
        )
        #expect(body["subject"]?.stringValue == "report-000000000001")
        #expect(body["looks"]?.intValue == 1)
        #expect(body["sample"]?["returns"]?.intValue == 504)
        #expect(output.summary.contains("PASSED"))
        #expect(try VerifierMemory(bench.state).approval(of: strategy.hash) != nil)
    }

    @Test("a strategy without an edge fails and is not approved")
    func fails() throws {
        let series = try Sample.simulated(sessions: 1300).series
        let strategy = try Sample.catalogued("reversion")
        var bench = VerifierBench(series)

        let output = try bench.turn(
            [VerifierBench.report(strategy)],
            at: try Sample.close("2004-12-24")
        )

        #expect(output.passes == [false])
        #expect(output.bodies(.verdict).first?["approved_until"] == .null)
        #expect(output.summary.contains("failed"))
        #expect(try VerifierMemory(bench.state).approval(of: strategy.hash) == nil)
    }

    @Test("every name that a rule may read is among the metrics")
    func vocabulary() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)

        let output = try bench.turn([VerifierBench.report(strategy)], at: now)

        let metrics = try #require(output.bodies(.verdict).first?["metrics"])
        for path in RuleVocabulary.paths(for: .report) {
            let value = path.split(separator: ".").reduce(Optional(metrics)) { json, name in
                json?[String(name)]
            }
            #expect(value != nil, "\(path)")
        }
    }

    @Test("the numbers in a report do not matter")
    func lies() throws {
        let (series, strategy, now) = try Self.promising()
        let lie: JSON = ["sharpe": 99, "trades": 1_000_000, "max_drawdown": 0.0]
        var honest = VerifierBench(series)
        var lying = VerifierBench(series)

        let first = try honest.turn([VerifierBench.report(strategy)], at: now)
        let second = try lying.turn([VerifierBench.report(strategy, metrics: lie)], at: now)

        #expect(first.bytes == second.bytes)
    }

    @Test("a strategy that is not the one of the hash is refused, and nothing is approved")
    func wrongHash() throws {
        let (series, strategy, now) = try Self.promising()
        let other = try Sample.strategy().hash.description
        var bench = VerifierBench(series)

        #expect(throws: AgentError.self) {
            try bench.turn([VerifierBench.report(strategy, hash: other)], at: now)
        }
        #expect(bench.state == StateFile())
    }

    @Test("before there are bars a report cannot be judged")
    func noBars() throws {
        var bench = VerifierBench([])

        #expect(throws: QuantError.self) {
            try bench.turn(
                [VerifierBench.report(try Sample.strategy())],
                at: try Sample.close("2024-03-08")
            )
        }
    }

    @Test("a window short of two years fails by that rule alone")
    func shortWindow() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)
        bench.window = 503

        let output = try bench.turn([VerifierBench.report(strategy)], at: now)

        #expect(try output.broken() == ["years_out_of_sample >= 2.0"])
    }

    @Test("a history that is all sealed has no figures in sample")
    func allSealed() throws {
        let series = try Sample.simulated(sessions: 400, edge: 1).series
        let now = try #require(series[0].times.last)
        var bench = VerifierBench(series)

        let output = try bench.turn(
            [VerifierBench.report(try Sample.catalogued("reversion"))],
            at: now
        )

        let metrics = try #require(output.bodies(.verdict).first?["metrics"])
        #expect(metrics["in_sample"]?["sharpe"] == nil)
        #expect(metrics["backtests"] == [])
        #expect(metrics["sessions"]?.intValue == 399)
        #expect(output.passes == [false])
    }

    @Test("without rules nothing passes")
    func noRules() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)
        let plain = try Skill(parsing: Sample.plainSkill, file: "agents/plain/SKILL.md")

        let output = try bench.turn(
            [VerifierBench.report(strategy)],
            at: now,
            skills: [plain]
        )

        #expect(output.passes == [false])
    }

    @Test("looks at sealed data are counted, and approvals long past are forgotten")
    func memory() throws {
        let (series, strategy, now) = try Self.promising()
        var bench = VerifierBench(series)
        try bench.approve(strategy, until: now.date.adding(days: -730).description)
        let other = try Sample.strategy()
        try bench.approve(other, until: now.date.adding(days: -731).description)

        _ = try bench.turn([], at: now)
        let memory = try VerifierMemory(bench.state)
        let output = try bench.turn(
            [VerifierBench.report(strategy), VerifierBench.report(strategy)],
            at: now
        )

        #expect(try memory.approval(of: strategy.hash) != nil)
        #expect(try memory.approval(of: other.hash) == nil)
        #expect(output.bodies(.verdict).map { $0["looks"]?.intValue } == [1, 2])
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

        let first = try blind.turn([VerifierBench.report(strategy)], at: now)
        let second = try published.turn([VerifierBench.report(strategy)], at: now)

        #expect(first.bytes == second.bytes)
    }

    @Test("the same report gives the same verdict, to the byte")
    func deterministic() throws {
        let (series, strategy, now) = try Self.promising()
        var one = VerifierBench(series)
        var two = VerifierBench(series)

        let first = try one.turn([VerifierBench.report(strategy)], at: now)
        let second = try two.turn([VerifierBench.report(strategy)], at: now)

        #expect(first.bytes == second.bytes)
    }
}
