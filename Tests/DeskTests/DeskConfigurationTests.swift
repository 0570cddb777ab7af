// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Reading orchestrator.yml")
struct DeskConfigurationTests {
    @Test("the default desk is read in full")
    func valid() throws {
        let desk = try DeskConfiguration(parsing: DefaultDesk.text)

        #expect(desk.name == "Default desk")
        #expect("\(desk.replay.lowerBound) \(desk.replay.upperBound)" == "2000-03-01 2013-03-01")
        #expect(desk.market.feed == .csv(path: "data/us-equities-daily.csv"))
        #expect(desk.market.symbols == ["AAPL", "FB", "GOOG", "IBM", "MSFT"])
        #expect(desk.market.sector(of: "IBM") == "technology" && desk.market.sector(of: "X") == nil)
        #expect(desk.market.sessionClose == 75_600)
        #expect(desk.market.sealedYears == 2 && desk.market.recentBars == 260)
        #expect(desk.market.fomcPath == "data/fomc.csv")
        #expect(desk.market.earningsPath == "data/earnings.csv")
        #expect(desk.account.capital == Decimal8(1_000_000))
        #expect(desk.account.feeRate == Decimal8("0.0001"))
        #expect(desk.account.slippageRate == Decimal8("0.0002"))
        #expect(desk.account.volumeShare == nil && desk.account.latency == 0)
        #expect(desk.account.impact == .zero && desk.account.slippageTicks == 0)
        #expect(desk.supervision.turnTimeout.milliseconds == 30_000)
        #expect(desk.supervision.attempts == 3)
        #expect(desk.supervision.backoff.milliseconds == 100)
        #expect(desk.supervision.fileLimitBytes == 1 << 20 && desk.supervision.filesPerTurn == 200)
    }

    @Test("the agents are read with their triggers, skills and settings, sorted by name")
    func agents() throws {
        let desk = try DeskConfiguration(parsing: DefaultDesk.text)
        let names = ["backtester", "executor", "ingestor", "researcher", "risk", "verifier"]
        #expect(desk.agents.map(\.name.description) == names)
        let researcher = try #require(AgentName("researcher").flatMap { desk.agent($0) })
        let risk = try #require(AgentName("risk").flatMap { desk.agent($0) })
        let verifier = try #require(AgentName("verifier").flatMap { desk.agent($0) })

        #expect(researcher.role == .researcher && !researcher.runsEveryBar)
        #expect(researcher.topics == [.bars, .verdict, .trade, .fill])
        #expect(researcher.skills == ["trading-rules"] && researcher.command.isEmpty)
        #expect(researcher.settings.values["budget"] == 6)
        #expect(
            researcher.settings.values["families"]?.arrayValue?.count == RoleSettings.families.count
        )
        #expect(risk.runsEveryBar && risk.topics.isEmpty)
        #expect(verifier.settings.values == ["answers": 12, "term_days": 365, "window": 504])
    }

    @Test("an account says how the market takes orders")
    func execution() throws {
        let account = try DeskConfiguration(
            parsing: DefaultDesk.text.replacing(
                "slippage_bps: 2",
                with: "volume_share: 0.1\n  latency: 2\n  impact_bps: 1000\n  slippage_ticks: 3"
            )
        ).account

        #expect(account.volumeShare == Decimal8("0.1") && account.latency == 2)
        #expect(account.impact == Decimal8("0.1") && account.slippageTicks == 3)
    }

    @Test("what may be left out has its default")
    func defaults() throws {
        let desk = try DeskConfiguration(
            parsing: """
                version: 1
                name: small
                replay: {from: 2000-01-01, through: 2000-01-01}
                market:
                  feed: {kind: sim, seed: 7, edge: 0.5}
                  symbols: [X]
                account: {}
                agents:
                  a: {role: backtester, on: proposal, command: [run, a, a]}
                """
        )

        #expect(desk.market.feed == .simulated(seed: 7, edge: 0.5))
        #expect(desk.market.sessionClose == 75_600 && desk.market.fomcPath == nil)
        #expect(desk.account.capital == Decimal8(1_000_000) && desk.account.feeRate == .zero)
        #expect(desk.supervision.attempts == 3)
        #expect(desk.agents[0].topics == [.proposal])
        #expect(desk.agents[0].command == ["run", "a", "a"])
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let mark: String
        let parts: [String]

        init(_ old: String, _ new: String, at mark: String? = nil, _ parts: String...) {
            self.old = old
            self.new = new
            self.mark = mark ?? new
            self.parts = parts
        }

        var testDescription: String { new }
    }

    static let faults = [
        Fault("version: 1", "version: 2", "version:", "found '2'", "the number 1"),
        Fault("name: Default desk", "name: ''", "name:", "found ''", "a text"),
        Fault(
            "name: Default desk",
            "nme: x",
            "nme: unknown key",
            "allowed are version, name, replay"
        ),
        Fault(
            "from: 2000-03-01",
            "from: 2000-02-30",
            "replay.from:",
            "'2000-02-30'",
            "a date such as"
        ),
        Fault(
            "through: 2013-03-01",
            "through: 9999-01-01",
            "replay.through:",
            "'9999-01-01'",
            "2261"
        ),
        Fault(
            "through: 2013-03-01",
            "through: 1999-03-01",
            "replay.through:",
            "'1999-03-01'",
            "2000-03-01"
        ),
        Fault("from: 2000-03-01", "from: [1]", "replay.from:", "found a list", "a date"),
        Fault(
            "{kind: csv, path: data/us-equities-daily.csv}",
            "{kind: ftp, path: x}",
            "market.feed.kind:",
            "'ftp'",
            "csv or sim"
        ),
        Fault(
            "{kind: csv, path: data/us-equities-daily.csv}",
            "{kind: csv}",
            "market.feed.path:",
            "missing",
            "a text"
        ),
        Fault(
            "{kind: csv, path: data/us-equities-daily.csv}",
            "{kind: sim, seed: -1}",
            "market.feed.seed:",
            "'-1'",
            "whole number from 0"
        ),
        Fault(
            "{kind: csv, path: data/us-equities-daily.csv}",
            "{kind: sim, edge: nan}",
            "market.feed.edge:",
            "'nan'",
            "a number from"
        ),
        Fault(
            "{kind: csv, path: data/us-equities-daily.csv}",
            "csv",
            "market.feed:",
            "'csv'",
            "a mapping"
        ),
        Fault(
            "[AAPL, FB, GOOG, IBM, MSFT]",
            "[AAPL, FB, GOOG, IBM, MSFT, brk]",
            "market.symbols:",
            "'brk'",
            "in capitals"
        ),
        Fault(
            "[AAPL, FB, GOOG, IBM, MSFT]",
            "[AAPL, FB, GOOG, IBM, MSFT, FB]",
            "market.symbols:",
            "'FB' twice"
        ),
        Fault(
            "    IBM: technology",
            "    XOM: energy",
            "market.sectors.XOM:",
            "not one of market.symbols"
        ),
        Fault(
            "    IBM: technology",
            "    IBM: []",
            "market.sectors.IBM:",
            "found a list",
            "a text"
        ),
        Fault("\"21:00\"", "\"25:00\"", "market.session_close:", "'25:00'", "21:00"),
        Fault(
            "sealed_years: 2",
            "sealed_years: 51",
            "market.sealed_years:",
            "'51'",
            "from 0 to 50"
        ),
        Fault(
            "recent_bars: 260",
            "recent_bars: many",
            "market.recent_bars:",
            "'many'",
            "from 2 to 100000"
        ),
        Fault("capital: 1000000", "capital: -1", "account.capital:", "'-1'", "an amount such as"),
        Fault("fee_bps: 1", "fee_bps: 1001", "account.fee_bps:", "'1001'", "from 0 to 1000"),
        Fault(
            "slippage_bps: 2",
            "slip: 2",
            "account.slip: unknown key",
            "capital, fee_bps, slippage_bps"
        ),
        Fault(
            "slippage_bps: 2",
            "volume_share: 0",
            "account.volume_share:",
            "'0'",
            "above 0 and at most 1"
        ),
        Fault(
            "slippage_bps: 2",
            "volume_share: 1.1",
            "account.volume_share:",
            "'1.1'",
            "at most 1"
        ),
        Fault("slippage_bps: 2", "latency: 1001", "account.latency:", "'1001'", "0 to 1000"),
        Fault(
            "slippage_bps: 2",
            "impact_bps: 10001",
            "account.impact_bps:",
            "'10001'",
            "0 to 10000"
        ),
        Fault(
            "slippage_bps: 2",
            "slippage_ticks: -1",
            "account.slippage_ticks:",
            "'-1'",
            "0 to 10000"
        ),
        Fault(
            "turn_timeout: 30s",
            "turn_timeout: 30",
            "supervision.turn_timeout:",
            "'30'",
            "500ms, 30s"
        ),
        Fault("attempts: 3", "attempts: 0", "supervision.attempts:", "'0'", "from 1 to 100"),
        Fault(
            "backoff: 100ms",
            "tries: 1",
            "supervision.tries: unknown key",
            "turn_timeout, attempts"
        ),
        Fault(
            "role: backtester",
            "role: trader",
            "agents.backtester.role:",
            "'trader'",
            "ingestor, researcher"
        ),
        Fault("every: 1m", "every: soon", "agents.risk.every:", "'soon'", "'bar' or a time"),
        Fault(
            "[proposal]",
            "[proposl]",
            "agents.backtester.on:",
            "'proposl'",
            "bars, proposal, intent"
        ),
        Fault("[proposal]", "[lesson]", "agents.backtester.on:", "'lesson'", "one of bars"),
        Fault(
            "on: [proposal]",
            "skills: []",
            at: "role: backtester",
            "agents.backtester:",
            "nothing starts it",
            "every: bar"
        ),
        Fault(
            "on: [proposal]",
            "webhook: false",
            at: "role: backtester",
            "agents.backtester:",
            "nothing starts it"
        ),
        Fault(
            "[bars, verdict]",
            "[bars, verdict]\n    skills: [../x]",
            at: "    skills: [../x]",
            "agents.executor.skills:",
            "'../x'",
            "folder in skills/"
        ),
        Fault(
            "budget: 6",
            "budget: 1001",
            "agents.researcher.settings.budget:",
            "'1001'",
            "from 0 to 1000"
        ),
        Fault(
            "cadence: 21",
            "families: [trend, luck]",
            "agents.researcher.settings.families:",
            "'luck'",
            "regression"
        ),
        Fault(
            "cadence: 21",
            "window: 20",
            "agents.researcher.settings.window: unknown key",
            "answers, budget, cadence, decides, families"
        ),
        Fault(
            "on: [proposal]",
            "on: [proposal]\n    settings: 5",
            at: "    settings: 5",
            "agents.backtester.settings:",
            "'5'",
            "a mapping"
        ),
        Fault(
            "  verifier:\n    role: verifier",
            "  verifier:\n    role: executor",
            at: "    role: executor",
            "role:",
            "second 'executor'",
            "a desk has one"
        ),
        Fault("  risk:", "  Risk:", "agents.Risk:", "not a name", "a-z, 0-9"),
    ]

    @Test("each fault names file, line, key, what was found and what is allowed", arguments: faults)
    func fault(fault: Fault) throws {
        let text = DefaultDesk.replacing(fault.old, with: fault.new)

        let error = #expect(throws: DeskError.self) {
            try DeskConfiguration(parsing: text, file: "desk/orchestrator.yml")
        }

        let problem = try #require(error?.problems.first)
        #expect(error?.code == .configuration)
        #expect(error?.problems.filter { !$0.message.contains("missing") }.count ?? 0 <= 1)
        if fault.new.contains("role: executor") {
            #expect(problem.line == DefaultDesk.line(of: "  executor:", in: text).map { $0 + 1 })
        } else if !problem.message.contains("missing") {
            #expect(problem.line == DefaultDesk.line(of: fault.mark, in: text))
        }
        let shown = error?.description ?? ""
        #expect(shown.contains("desk/orchestrator.yml:"))
        for part in fault.parts { #expect(shown.contains(part), "\(shown)") }
    }

    @Test("several faults are reported at once, sorted by line")
    func several() {
        let text = """
            version: 1
            name: x
            replay: {from: a, through: b}
            market:
              symbols: [aapl]
              feed: {kind: csv, path: p}
            account: {capital: no}
            agents:
              a: {role: none, on: [bars]}
            more: 1
            """

        let error = #expect(throws: DeskError.self) { try DeskConfiguration(parsing: text) }

        #expect(error?.problems.map(\.line) == [3, 3, 5, 7, 9, 10])
        #expect(error?.description.split(separator: "\n").count == 6)
    }

    @Test(
        "a missing section is named once and leads to no fault about the rest of the file",
        arguments: [
            "replay", "market", "account", "agents",
        ]
    )
    func missingSection(name: String) throws {
        let kept = DefaultDesk.text.split(separator: "\n", omittingEmptySubsequences: false)
        var isInside = false
        let lines = kept.filter { line in
            if line.first?.isLetter == true { isInside = line.hasPrefix(name) }
            return !isInside
        }

        let error = #expect(throws: DeskError.self) {
            try DeskConfiguration(parsing: lines.joined(separator: "\n"))
        }

        let messages = try #require(error).problems.map(\.message)
        #expect(messages.first == "\(name): missing")
        #expect(messages.allSatisfy { $0.hasPrefix(name) })
    }

    @Test("a section that is no mapping is one fault", arguments: ["account", "supervision"])
    func scalarSection(name: String) throws {
        let text = DefaultDesk.text.split(separator: "\n").filter { line in
            !["capital", "fee_bps", "slippage", "turn_t", "attempts", "backoff"].contains {
                line.contains($0)
            }
        }
        let faulty = text.map { $0.hasPrefix(name) ? "\(name): 5" : String($0) }
            .map {
                $0 == "supervision:" ? "supervision: {}" : $0 == "account:" ? "account: {}" : $0
            }

        let error = #expect(throws: DeskError.self) {
            try DeskConfiguration(parsing: faulty.joined(separator: "\n"))
        }

        #expect(error?.problems.map(\.message) == ["\(name): found '5'; expected a mapping"])
    }

    @Test(
        "a text that is no configuration is refused with its reason",
        arguments: [
            ("", 1, "found nothing"), ("  \n\n", 1, "found nothing"),
            ("- a\n- b", 1, "found something else"),
            ("just words", 1, "found something else"), ("a: 1\nb: [1", 3, "not readable as YAML"),
            ("a: b: c", 1, "not readable as YAML"), ("a: 1\n\tb: 2", 2, "not readable as YAML"),
            ("name: x\nversion: 1\nname: y", 1, "name: given twice"),
            ("version: 1\nmarket:\n  symbols: [A]\n  symbols: [B]", 3, "symbols: given twice"),
        ]
    )
    func notConfiguration(text: String, line: Int, message: String) {
        let error = #expect(throws: DeskError.self) { try DeskConfiguration(parsing: text) }

        #expect(error?.problems.count == 1)
        #expect(error?.problems[0].line == line)
        #expect(error?.description.contains("orchestrator.yml:\(line): ") == true)
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
}
