// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Models
import Processes
import TestSupport
import Testing

@testable import Supervisor

@Suite("What agents may ask for", .scratchFolder)
struct ModelServiceTests {
    private func note(_ bench: Bench, turn: Int = 1) async throws -> String {
        try await bench.show("agents/researcher:agents/researcher/notes/0000/00/00000\(turn)-2.md")
    }

    @Test("budgets are hard, count what is set aside, and outlive the desk")
    func budget() async throws {
        let server = ModelServer()
        // One call may need some 2,300 tokens and uses fifteen.
        var bench = try await ModelServer.bench(agent: ", budget: {tokens: 2400}")
        bench.services = { try server.services($0, source: .record) }
        try bench.run(through: 1)
        let folder = try bench.open().folder
        try folder.runtime.replace(
            SpendingKeeper.fileName,
            with: Array(
                String(decoding: try folder.runtime.read(SpendingKeeper.fileName), as: UTF8.self)
                    .replacing("15", with: "2399").utf8
            )
        )

        try bench.run(through: 2)

        let spent = try SpendingKeeper.load(folder)
        #expect(server.calls == 1)
        #expect(try await note(bench) == "answer 1")
        #expect(try await note(bench, turn: 2).hasPrefix("overBudget: its own 2400 tokens: 1 left"))
        #expect(spent.desk.total.tokens == 2399)
        // What was refused is on the tape as well.
        let path = "agents/researcher:agents/researcher/tape/0000/00/000002.json"
        #expect(try await bench.show(path).contains("overBudget"))
    }

    @Test("a desk that does not know what it spent spends nothing")
    func damagedBook() async throws {
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        try desk.folder.runtime.create()
        try desk.folder.runtime.replace(SpendingKeeper.fileName, with: Array("{".utf8))

        let error = #expect(throws: DeskError.self) {
            try ModelServer().services(desk, source: .record)
        }

        #expect(error?.description.contains(".loopdesk/spending.jsonl") == true)
    }

    @Test("what is set aside is on the disk before the call")
    func reserved() async throws {
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first { $0.model != nil })
        let model = try #require(desk.configuration.models.first)
        let keeper = try SpendingKeeper(desk.folder, wall: FixedWall(), isDurable: true)
        let meter = keeper.meter(of: agent, all: ModelBudget())

        let ticket = try meter.reserve(ModelUsage(input: 1000, output: 100), model)
        let before = try SpendingKeeper.load(desk.folder)
        try meter.settle(ticket, ModelUsage(input: 10, output: 5))
        let after = try SpendingKeeper.load(desk.folder)

        #expect(before.desk.total == ModelAmount(tokens: 1100, money: Decimal8(units: 300_000)))
        #expect(after.desk.total == ModelAmount(tokens: 15, money: Decimal8(units: 7_000)))
    }

    @Test("what cannot be written down as spent is not spent, and leaves no half line behind")
    func fullDisk() async throws {
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first { $0.model != nil })
        let model = try #require(desk.configuration.models.first)
        let folder = desk.folder.runtime
        let meter = try SpendingKeeper(desk.folder, wall: FixedWall(), isDurable: false)
            .meter(of: agent, all: ModelBudget())
        let usage = ModelUsage(input: 1000, output: 100)
        _ = try meter.reserve(usage, model)
        let whole = try folder.read(SpendingKeeper.fileName)
        try folder.removeFile(SpendingKeeper.fileName)
        try folder.folder(SpendingKeeper.fileName).create()

        let error = #expect(throws: ModelError.self) { try meter.reserve(usage, model) }
        try folder.folder(SpendingKeeper.fileName).removeAll()
        try folder.replace(SpendingKeeper.fileName, with: whole + Array("{\"half".utf8))
        _ = try meter.reserve(usage, model)

        #expect(error?.code == .overBudget)
        #expect(error?.reason.contains("cannot be written down") == true)
        #expect(try SpendingKeeper.load(desk.folder).desk.total.tokens == 2200)
    }

    @Test("half a line of what was spent is passed over, and the file stays small")
    func cutBook() async throws {
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first { $0.model != nil })
        let model = try #require(desk.configuration.models.first)
        let folder = desk.folder.runtime
        let meter = try SpendingKeeper(desk.folder, wall: FixedWall(), isDurable: false)
            .meter(of: agent, all: ModelBudget())
        var most = 0
        for _ in 0..<1000 {
            let ticket = try meter.reserve(ModelUsage(input: 1000, output: 100), model)
            try meter.settle(ticket, ModelUsage(input: 1, output: 1))
            most = max(most, try folder.read(SpendingKeeper.fileName).count)
        }
        let cut = Array(try folder.read(SpendingKeeper.fileName).dropLast(20))
        try folder.replace(SpendingKeeper.fileName, with: cut)

        let found = try SpendingKeeper(desk.folder, wall: FixedWall(), isDurable: false)
        _ = try found.meter(of: agent, all: ModelBudget())
            .reserve(ModelUsage(input: 1, output: 1), model)

        #expect(most > SpendingKeeper.fileBytes / 2 && most <= SpendingKeeper.fileBytes)
        // The last booking is lost, so what was set aside for it stays spent.
        #expect(try SpendingKeeper.load(desk.folder).desk.total.tokens == 999 * 2 + 1100 + 2)
    }

    @Test("an agent without a model is refused, and so is what nobody serves")
    func refused() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        try bench.script("backtester", ModelServer.script)
        try bench.script(
            "researcher",
            ModelServer.script.replacing("model/complete", with: "model/sing")
        )
        bench.services = { try server.services($0, source: .record) }

        try bench.run(through: 1)

        let path = "agents/backtester:agents/backtester/notes/0000/00/000001-1.md"
        #expect(try await bench.show(path).hasPrefix("notAllowed: backtester has no model"))
        #expect(try await note(bench) == "unknown: no method model/sing")
        #expect(server.calls == 0)
    }

    @Test("a conversation that is none is refused, and the agent told why")
    func malformed() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        try bench.script(
            "researcher",
            ModelServer.script.replacing("\"speaker\": \"user\"", with: "\"speaker\": \"me\"")
        )
        bench.services = { try server.services($0, source: .record) }

        try bench.run(through: 1)

        #expect(try await note(bench).contains("conversation.turns[0].speaker: found 'me'"))
        #expect(server.calls == 0)
    }

    @Test("a server that gives the key away is not passed on, and the key stands nowhere")
    func canary() async throws {
        let server = ModelServer { number in number == 1 ? "the key is \(ModelServer.key)" : "ok" }
        var bench = try await ModelServer.bench()
        bench.services = { try server.services($0, source: .record) }

        try bench.run(through: 2)

        let objects = try await bench.git.run("cat-file", "--batch-all-objects", "--batch")
        #expect(try await note(bench).hasPrefix("secret: the answer seems to hold a secret"))
        #expect(!objects.stdout.contains(ModelServer.key))
        for name in [SpendingKeeper.fileName, "calls/researcher.jsonl"] {
            let bytes = try bench.desk.folder(".loopdesk").read(name)
            #expect(!String(decoding: bytes, as: UTF8.self).contains(ModelServer.key))
        }
        #expect(server.calls == 2)
    }

    @Test("a prompt with a secret of the desk's is not sent")
    func secretPrompt() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        try bench.script(
            "researcher",
            ModelServer.script.replacing("f\"turn {turn}\"", with: "\"\(ModelServer.key)\"")
        )
        bench.services = { try server.services($0, source: .record) }

        try bench.run(through: 1)

        #expect(try await note(bench).hasPrefix("secret: the prompt seems to hold"))
        #expect(server.calls == 0)
    }

    @Test(
        "an agent that hangs after an answer has what was left of its own time",
        .timeLimit(.minutes(1))
    )
    func hangsAfterAnswer() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench(timeout: "3s")
        try bench.script(
            "researcher",
            ModelServer.script + """

                    if attempt == 1:
                        sys.stdin.readline()
                """
        )
        bench.services = { try server.services($0, source: .record) }
        let log = EventLog()

        try bench.run(through: 1, log: log)

        #expect(log.failures.count == 1)
        #expect(log.failures.first?.contains("no answer within the time allowed") == true)
        // The attempt is to blame, so the next one asks anew.
        #expect(try await note(bench) == "answer 2")
    }

    @Test("a tool's call that was begun and whose outcome nobody knows is not made again")
    func unknownOutcome() async throws {
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first { $0.model != nil })
        let line = TurnContract.request(
            id: 1,
            method: TurnContract.toolMethod,
            parameters: ["name": "shop__buy", "arguments": [:]]
        )
        let request = try #require(try ChildRequest(line))
        var journal = try CallJournal(desk.folder, agent.name, turn: 7, isDurable: false)
        try journal.begin(request.hash, place: 0)
        let services = try AgentServices(desk, source: .live)
        func plan(_ turn: Int) -> TurnPlan {
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
            )
        }

        let again = TurnCalls(plan(7), services)
        let first = try #require(try again.take(request))
        let second = TurnCalls(plan(7), services)
        let repeated = try #require(try second.take(request))
        let later = TurnCalls(plan(8), services)
        let isNew = try later.take(request) == nil

        for answer in [first, repeated] {
            let text = String(decoding: answer, as: UTF8.self)
            #expect(text.contains("unknownOutcome") && text.contains("it is not repeated"))
        }
        #expect(isNew)
        await services.close()
    }

    @Test("a journal that was cut by a kill keeps what was whole, and goes on")
    func cutJournal() async throws {
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(AgentName("researcher"))
        let one = CallRecord(.model, ContentHash(of: [1]), .success(["a": 1]))
        let two = CallRecord(.tool, ContentHash(of: [2]), .success(["b": 1]))
        var journal = try CallJournal(desk.folder, agent, turn: 3, isDurable: true)
        try journal.finish(one, place: 0)
        let calls = desk.folder.runtime.folder("calls")
        try calls.append(Array(#"{"turn":3,"request":"#.utf8), to: "researcher.jsonl")

        var reopened = try CallJournal(desk.folder, agent, turn: 3, isDurable: true)
        try reopened.finish(two, place: 0)
        var last = try CallJournal(desk.folder, agent, turn: 3, isDurable: true)
        let entries = [one, two].map { last.entry($0.request, place: 0) }
        try last.forgetModels()
        let other = try CallJournal(desk.folder, agent, turn: 4, isDurable: true)

        for (entry, record) in zip(entries, [one, two]) {
            guard case .done(let found) = entry else {
                Issue.record("\(record.kind) is lost")
                continue
            }
            #expect(found == record)
        }
        guard case .new = last.entry(one.request, place: 0),
            case .done = last.entry(two.request, place: 0),
            case .new = other.entry(two.request, place: 0)
        else {
            Issue.record("a model's answer stays, a tool's is lost, or one of another turn counts")
            return
        }
    }

    @Test("an agent gets the same bytes the first time and from the tape")
    func sameBytes() throws {
        let answer: JSON = ["z": 1, "a": ["y": .double(2.5), "b": "\u{0}é"]]
        var tape = TurnTape()
        tape.calls = [
            CallRecord(.model, ContentHash(of: [1]), .success(answer), model: "m"),
            CallRecord(.tool, ContentHash(of: [2]), .failure(.init(code: "c", reason: "r"))),
        ]

        let read = try TurnTape(parsing: tape.bytes)

        #expect(read == tape)
        #expect(read.bytes == tape.bytes)
        #expect(read.calls.map { $0.answer(to: 1) } == tape.calls.map { $0.answer(to: 1) })
    }

    @Test("of a call that was given up nothing is heard any more", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let server = ModelServer { _, peer in _ = peer.awaitEnd() }
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first { $0.model != nil })
        let services = try server.services(desk, source: .live)
        let words = Conversation(system: [], turns: [ConversationTurn(.user, [.text("hello")])])
        let line = TurnContract.request(
            id: 1,
            method: TurnContract.completeMethod,
            parameters: words.json
        )
        let request = try #require(try ChildRequest(line))
        let prompt = services.prompt(of: request, by: agent)
        let ticket = services.begin(request, request.hash, prompt: prompt, of: agent)
        let isAsked = try await eventually(within: .seconds(20)) { server.calls == 1 }

        services.cancel(ticket)
        let hasEnded = try await eventually(within: .seconds(20)) {
            var bell = pollfd(fd: services.descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&bell, 1, 0) == 1
        }

        #expect(isAsked && hasEnded)
        #expect(services.takeFinished().isEmpty)
        await services.close()
    }

    @Test("tools of connectors are listed and called by the list of what is allowed")
    func tools() async throws {
        let bench = try await ModelServer.bench()
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first { $0.model != nil })
        let services = try AgentServices(desk, source: .live)
        func ask(_ method: String, _ parameters: JSON) async throws -> JSON {
            let line = TurnContract.request(id: 1, method: method, parameters: parameters)
            let request = try #require(try ChildRequest(line))
            let ticket = services.begin(request, request.hash, of: agent)
            var records: [CallRecord] = []
            _ = try await eventually(within: .seconds(10)) {
                records += services.takeFinished().filter { $0.ticket == ticket }.map(\.record)
                return !records.isEmpty
            }
            return try #require(records.first).json
        }

        let list = try await ask(TurnContract.toolsMethod, [:])
        let call = try await ask(TurnContract.toolMethod, ["name": "shop__buy"])

        #expect(list["answer"]?["tools"] == [])
        #expect(call["failure"]?["code"] == "notAllowed")
        await services.close()
    }
}
