// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import MCP
import Processes
import Synchronization
import TestSupport
import Testing

@testable import Supervisor

@Suite("What a turn asks for, call by call", .scratchFolder)
struct TurnCallsTests {
    /// A connector whose tool answers as it is told.
    private struct Shop: Transport {
        let answer: @Sendable () async throws(MCPError) -> JSON

        func call(_ request: OutgoingRequest) async throws(MCPError) -> JSON {
            switch request.method {
            case "server/discover":
                return [
                    "supportedVersions": ["2026-07-28"], "capabilities": ["tools": .object([])],
                ]
            case "tools/list":
                return [
                    "tools": [
                        [
                            "name": "buy", "inputSchema": ["type": "object"],
                            "description": .string(String(repeating: "d", count: 5_000)),
                        ]
                    ]
                ]
            default: return try await answer()
            }
        }

        func tell(_ message: Message) async throws(MCPError) {}
        func settle(on revision: Revision) {}
        func close() async {}
    }

    private struct NoPins: PinStore {
        func load(_ connector: String) throws -> ToolPins? { nil }
        func save(_ pins: ToolPins, of connector: String) throws {}
    }

    private struct Desk {
        let desk: OpenDesk
        let agent: AgentConfiguration
        let services: AgentServices

        func calls(_ turn: Int = 7) -> TurnCalls {
            TurnCalls(
                TurnPlan(
                    agent: agent,
                    turn: turn,
                    time: Bench.days[0],
                    round: 1,
                    triggers: [],
                    inbox: [],
                    frontiers: [],
                    data: nil,
                    newSkills: []
                ),
                services
            )
        }

        func journal(_ turn: Int = 7) throws -> CallJournal {
            try CallJournal(desk.folder, agent.name, turn: turn, isDurable: false)
        }

        /// What a call has come to.
        func record(_ ticket: Int) async throws -> CallRecord {
            var records: [CallRecord] = []
            _ = try await eventually(within: .seconds(10)) {
                records += services.takeFinished().filter { $0.ticket == ticket }.map(\.record)
                return !records.isEmpty
            }
            return try #require(records.first)
        }
    }

    private func desk(
        named name: String = "a",
        _ answer: @escaping @Sendable () async throws(MCPError) -> JSON = { ["content": []] }
    ) async throws -> Desk {
        let bench = try await ModelServer.bench(name)
        let desk = try bench.open()
        let connectors = try DeskConfiguration(
            parsing: """
                version: 1
                name: Desk
                replay: {from: 2000-03-01, through: 2001-03-01}
                market: {feed: {kind: csv, path: a.csv}, symbols: [AAPL]}
                account: {capital: 1000}
                connectors: {shop: {command: [a]}}
                agents: {researcher: {role: researcher, on: [bars], connectors: [shop]}}
                """
        )
        let pool = ConnectorPool(connectors) { entry in
            Connector(entry.name, pins: NoPins(), clock: SystemClock()) {
                (beginning, inbox) async throws(MCPError) in
                try await ClientSession.open(
                    over: Shop(answer: answer),
                    inbox: inbox,
                    beginning: beginning
                )
            }
        }
        return Desk(
            desk: desk,
            agent: try #require(desk.configuration.agents.first { $0.model != nil }),
            services: try AgentServices(desk, source: .live, connectors: pool)
        )
    }

    private func request(_ method: String = TurnContract.toolMethod) throws -> ChildRequest {
        let line = TurnContract.request(
            id: 1,
            method: method,
            parameters: ["name": "shop__buy", "arguments": [:]]
        )
        return try #require(try ChildRequest(line))
    }

    private static func text(_ line: [UInt8]?) -> String {
        String(decoding: line ?? [], as: UTF8.self)
    }

    @Test("what has the id null, or none, asks for nothing", arguments: [JSON.null, nil])
    func nobody(id: JSON?) throws {
        func line(_ id: JSON?) -> [UInt8] {
            let rest: [JSON.Member] = [.init("method", .string(TurnContract.toolsMethod))]
            return JSON.object((id.map { [.init("id", $0)] } ?? []) + rest).compactBytes
        }

        #expect(try ChildRequest(line(id)) == nil)
        #expect(try ChildRequest(line(1)) != nil)
    }

    @Test("a tool's call is on the disk before it is made, and what came of it afterwards")
    func journal() async throws {
        let desk = try await desk()
        let (calls, request) = (desk.calls(), try request())

        let waits = try calls.take(request) == nil
        guard case .unknown = try desk.journal().entry(request.hash, place: 0) else {
            Issue.record("the call was made before it was written down")
            return
        }
        _ = try calls.take(try await desk.record(try #require(calls.ticket)))

        #expect(waits)
        guard case .done = try desk.journal().entry(request.hash, place: 0) else {
            Issue.record("what came of it is not written down")
            return
        }
        // The same call once more is another one.
        #expect(try calls.take(request) == nil)
        // Another attempt at the turn gets the answer of the one before.
        #expect(try desk.calls().take(request) != nil)
    }

    @Test("one thing at a time, for so long, and no more than so many in a turn")
    func limits() async throws {
        let desk = try await desk()
        let (calls, tools) = (desk.calls(), try request(TurnContract.toolsMethod))

        for _ in 0..<TurnContract.requestLimit {
            #expect(try calls.take(tools) == nil)
            _ = try calls.take(CallRecord(.tools, tools.hash, .success([:])))
        }
        let many = Self.text(try calls.take(tools))
        let second = desk.calls(8)
        #expect(try second.take(tools) == nil)
        let meanwhile = Self.text(try second.take(tools))

        #expect(many.contains("a turn may ask for 256 things"))
        #expect(meanwhile.contains("another request is under way"))
        #expect(second.patience >= .seconds(10))
    }

    @Test("a call that is given up is cancelled, and nothing is heard of it any more")
    func givenUp() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (cancelled, cancel) = AsyncStream.makeStream(of: Void.self)
        let desk = try await desk { () async throws(MCPError) in
            start.yield()
            let (never, hold) = AsyncStream.makeStream(of: Void.self)
            hold.onTermination = { _ in cancel.yield() }
            for await _ in never {}
            return ["content": []]
        }
        let calls = desk.calls()
        _ = try calls.take(try request())
        for await _ in started { break }

        calls.close()
        for await _ in cancelled { break }
        let other = desk.services.begin(
            try request(TurnContract.toolsMethod),
            try request().hash,
            of: desk.agent
        )
        _ = try await desk.record(other)

        #expect(calls.ticket == nil)
        #expect(desk.services.takeFinished().isEmpty)
    }

    @Test("a call that has come to something and is given up before that is fetched is forgotten")
    func forgotten() async throws {
        let desk = try await desk()
        let tools = try request(TurnContract.toolsMethod)
        let ticket = desk.services.begin(tools, tools.hash, of: desk.agent)
        let descriptor = desk.services.descriptor
        _ = try await eventually(within: .seconds(10)) {
            var bell = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&bell, 1, 0) > 0
        }

        desk.services.cancel(ticket)

        #expect(desk.services.takeFinished().isEmpty)
    }

    @Test("what a model says to the desk itself is looked through for keys as well")
    func ownQuestion() async throws {
        let server = ModelServer { _ in "the key is \(ModelServer.key)" }
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first { $0.model != nil })
        let services = try server.services(desk, source: .live)
        let question = Conversation(
            system: [],
            turns: [ConversationTurn(.user, [.text("Is it met?")])]
        )

        let ticket = services.ask("small", question, for: agent)
        let record = try await Desk(desk: desk, agent: agent, services: services).record(ticket)

        #expect(record.json["failure"]?["code"] == "secret")
        #expect(!record.json.compactText.contains(ModelServer.key))
    }

    @Test("what a connector says is cut, and a call that may have been made is called unknown")
    func cut() async throws {
        let long = String(repeating: "x", count: 300_000)
        let talking = try await desk { ["content": [["type": "text", "text": .string(long)]]] }
        let failing = try await desk(named: "b") { () async throws(MCPError) in
            throw MCPError(
                .timedOut,
                "buy",
                String(repeating: "y", count: 900),
                mayHaveArrived: true
            )
        }
        func ask(_ desk: Desk, _ method: String) async throws -> JSON {
            let request = try request(method)
            return try await desk.record(
                desk.services.begin(request, request.hash, of: desk.agent)
            ).json
        }

        let tools = try await ask(talking, TurnContract.toolsMethod)["answer"]?["tools"]
        let said = try await ask(talking, TurnContract.toolMethod)["answer"]?["text"]
        let failure = try await ask(failing, TurnContract.toolMethod)["failure"]

        #expect(tools?.arrayValue?.first?["description"]?.stringValue?.count == 4_000)
        #expect(said?.stringValue?.count == 200_000)
        #expect(failure?["code"] == "unknownOutcome")
        #expect(failure?["reason"]?.stringValue?.count == 600)
    }

    @Test(
        "equal requests of a turn are told apart by their place, and a model's are forgotten whole"
    )
    func places() async throws {
        let desk = try await desk()
        let (model, tool) = (ContentHash(of: [1]), ContentHash(of: [2]))
        func record(_ kind: ChildRequest.Kind, _ hash: ContentHash, _ number: Int64) -> CallRecord {
            CallRecord(kind, hash, .success(["n": .int(number)]))
        }
        var journal = try desk.journal()
        try journal.begin(model, place: 0)
        for place in 0...1 {
            try journal.finish(record(.model, model, Int64(place)), place: place)
            try journal.finish(record(.tool, tool, Int64(place)), place: place)
        }

        for (hash, kind) in [(model, ChildRequest.Kind.model), (tool, .tool)] {
            for place in 0...1 {
                guard case .done(let found) = journal.entry(hash, place: place) else {
                    Issue.record("\(kind) \(place) is lost")
                    continue
                }
                #expect(found == record(kind, hash, Int64(place)))
            }
            guard case .new = journal.entry(hash, place: 2) else {
                Issue.record("a third one was never made")
                continue
            }
        }
        try journal.forgetModels()

        guard case .new = journal.entry(model, place: 0), case .done = journal.entry(tool, place: 1)
        else {
            Issue.record("a model's call stays begun, or a tool's is forgotten")
            return
        }
    }

    @Test("a record of another form is no tape, and its sums stay within what a turn can cost")
    func tape() throws {
        let usage = ModelUsage(output: ModelUsage.limit)
        let most = Decimal8(units: .max)
        var tape = TurnTape()
        tape.calls = (0..<1_200).map { number in
            CallRecord(
                .model,
                ContentHash(of: [UInt8(number % 256)]),
                .success([:]),
                model: "m",
                usage: usage,
                cost: most
            )
        }
        let other = String(decoding: tape.bytes, as: UTF8.self)
            .replacing(#""schema": 1"#, with: #""schema": 2"#)

        #expect(tape.spending?.tokens == TurnSpending.limits.tokens)
        #expect(tape.spending?.money == most)
        #expect(throws: JSONError.self) { try TurnTape(parsing: Array(other.utf8)) }
    }
}
