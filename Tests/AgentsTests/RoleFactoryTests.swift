// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import TestSupport
import Testing
import Trading

@testable import Agents

@Suite("Role factory", .scratchFolder)
struct RoleFactoryTests {
    static func make(_ context: AgentContext) throws -> any AgentTurn {
        try RoleFactory(context: context, market: FixedMarket()) { _ in { _ in [] } }.make()
    }

    @Test("each role gets its own turn", arguments: Role.allCases)
    func roles(role: Role) throws {
        let turn = try Self.make(try AgentBench().context(role))

        let kind = "\(type(of: turn))"
        let expected: [Role: String] = [
            .ingestor: "Ingestor", .researcher: "Researcher", .backtester: "Backtester",
            .verifier: "Verifier", .executor: "Executor", .risk: "RiskMonitor",
        ]
        #expect(kind == expected[role])
    }

    @Test("a role that trades or watches needs a gateway", arguments: [Role.executor, .risk])
    func gateway(role: Role) throws {
        let context = try AgentBench().context(role, gateway: nil)

        let error = #expect(throws: AgentError.self) { try Self.make(context) }

        #expect(error?.description == "the \(role.rawValue) was started without a gateway")
    }

    @Test("requests go over the inherited descriptor that was named")
    func descriptor() throws {
        let context = try AgentBench().context(.risk, gateway: 9)
        let gateway = try PaperGateway(at: try Sample.close("2024-03-08"))
        var asked: [Int] = []

        let turn = try RoleFactory(context: context, market: FixedMarket()) { number in
            asked.append(number)
            return { line in
                Array(try gateway.answer(String(decoding: line, as: UTF8.self)).utf8)
            }
        }.make()
        let output = try turn.turn(try Sample.input(gateway.stamp.time))

        #expect(asked == [9])
        #expect(output.summary == "equity 1000000, drawdown 0.00 %, 0 lots")
    }

    @Test("a setting that is missing is an error that names it")
    func settings() throws {
        let bench = try AgentBench()
        let full = try bench.context(.risk)
        let context = AgentContext(
            agent: full.agent,
            role: .researcher,
            skills: [],
            settings: ["families": [], "cadence": 1],
            configuration: full.configuration,
            dataFolder: full.dataFolder,
            marketFolder: full.marketFolder,
            gatewayDescriptor: nil
        )

        let error = #expect(throws: JSONError.self) { try Self.make(context) }

        #expect(error?.description.contains("budget") == true)
    }

    @Test("a calendar without rows has no events, and a named one that is absent is an error")
    func calendars() throws {
        let bench = try AgentBench()
        let text = "  fomc: fomc.csv\n  earnings: earnings.csv"
        let context = try bench.context(.verifier, market: text)

        #expect(throws: FileError.self) { try Self.make(context) }
        try bench.data.replace("fomc.csv", with: Array("date,event\n".utf8))
        try bench.data.replace("earnings.csv", with: Array("symbol,date\n".utf8))
        #expect(throws: Never.self) { try Self.make(context) }
        try bench.data.replace("fomc.csv", with: Array("when,what\n1,2\n".utf8))
        #expect(throws: QuantError.self) { try Self.make(context) }
    }

    @Test("calendars and sectors of the configuration reach the verifier's judgement")
    func terms() throws {
        let bench = try AgentBench()
        let text = "  fomc: fomc.csv\n  sectors: {AAA: technology}"
        try bench.data.replace("fomc.csv", with: Array("date,event\n2024-03-11,x\n".utf8))
        let strategy = try Sample.strategy()
        let series = try Sample.series(through: "2024-03-08", closes: Sample.calm(80))
        let verifier = try RoleFactory(
            context: try bench.context(.verifier, market: text),
            market: FixedMarket(past: [series])
        ) { _ in { _ in [] } }.make()
        var memory = VerifierBench([])
        try memory.approve(strategy)

        let output = try verifier.turn(
            try Sample.input(
                try Sample.close("2024-03-08"),
                [VerifierBench.intent(strategy)],
                state: memory.state,
                skill: try Sample.skill("skills/trading-rules")
            )
        )

        #expect(try output.broken() == [#"action == "exit" || !calendar.is_fomc"#])
    }

    // MARK: - Feeds

    @Test("a feed's file is read from the data folder, and one that is missing is named")
    func feed() throws {
        let folder = Folder(try ScratchFolder.path)
        let text = AgentBench.configuration()
            .replacing("{kind: sim, seed: 1}", with: "{kind: csv, path: bars.csv}")
        let desk = try DeskConfiguration(parsing: text)

        let missing = #expect(throws: QuantError.self) { try desk.loadFeed(in: folder) }
        let rows = "\(IngestorTests.header)\n\(IngestorTests.good)\n"
        try folder.replace("bars.csv", with: Array(rows.utf8))
        let feed = try desk.loadFeed(in: folder)

        #expect(missing?.code == .notFound)
        #expect(missing?.description.contains("market.feed.path") == true)
        #expect(feed.instants.map(\.description) == ["2024-01-02T21:00:00Z"])
    }

    @Test("a simulated feed covers the replay's days and the desk's instruments")
    func simulated() throws {
        let desk = try DeskConfiguration(parsing: AgentBench.configuration())

        let feed = try desk.loadFeed(in: Folder(try ScratchFolder.path))

        #expect(feed.symbols.map(\.description) == ["AAA"])
        #expect(feed.instants.first?.description == "2024-01-01T21:00:00Z")
        #expect(feed.instants.last?.description == "2024-03-01T21:00:00Z")
    }
}
