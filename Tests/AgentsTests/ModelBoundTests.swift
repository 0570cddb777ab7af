// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import TestSupport
import Testing

@testable import Agents

@Suite("What a model is shown, and what is kept of it, has an end", .scratchFolder)
struct ModelBoundTests {
    /// A tool that says a lot, or cannot ask its supervisor.
    private struct LoudTool: ModelTool {
        let definition = ConversationTool("loud", "", schema: ["type": "object"])
        var error: (any Error)?

        func run(_ input: JSONFields) throws -> String {
            if let error { throw error }
            return String(repeating: "x", count: 50_000)
        }
    }

    private func session(_ port: ScriptedPort, _ tool: LoudTool, limit: Int = 30) -> ModelSession {
        ModelSession(
            port,
            system: [],
            prompt: "Go.",
            tools: [tool],
            output: ["type": "object"],
            limit: limit
        )
    }

    @Test("the result of a tool, each piece of the story and all of it")
    func story() throws {
        let use = ModelAnswer(
            [
                .text(String(repeating: "y", count: 5_000)),
                .toolUse(id: "1", name: "loud", input: [:]),
            ],
            stop: .toolUse,
            usage: nil
        )
        let port = ScriptedPort([.success(use), .success(ScriptedPort.words("{}"))])
        var short = session(port, LoudTool())
        let answers = Array(repeating: Result<_, RequestFailure>.success(use), count: 20)
        var long = session(ScriptedPort(answers), LoudTool())

        _ = try short.run()
        _ = try long.run()

        #expect(port.lastWords.count == ModelSession.resultLimit)
        #expect(short.note.count { $0 == "y" } == ModelSession.pieceLimit)
        #expect(short.note.count { $0 == "x" } == ModelSession.pieceLimit)
        #expect(long.note.count == ModelSession.storyLimit)
    }

    @Test("a supervisor that does not answer a tool ends the task, and is no fault of the model's")
    func port() throws {
        let port = ScriptedPort([.success(ScriptedPort.use("loud", [:]))])
        var session = session(port, LoudTool(error: PortError(description: "gone")))

        #expect(throws: PortError.self) { try session.run() }
    }

    @Test("last words that are empty can be repaired, though no model takes an empty turn back")
    func emptyWords() throws {
        let port = ScriptedPort(words: ["good"])
        var session = session(port, LoudTool())

        _ = try session.repair("", ["nothing is said"])

        #expect(port.asked[0].turns[1].parts == [.text("-")])
    }

    @Test("a file that is too large, no text, or asked for with more than its path is not read")
    func files() throws {
        let folder = Folder(try ScratchFolder.path).folder("worktree")
        try folder.folder("inbox").create()
        let most = FileTool.limitBytes
        try folder.replace("inbox/most", with: [UInt8](repeating: 0x61, count: most))
        try folder.replace("inbox/more", with: [UInt8](repeating: 0x61, count: most + 1))
        try folder.replace("inbox/odd", with: [0xFF, 0xFE])
        let tool = FileTool(worktree: folder)
        func read(_ arguments: JSON) throws -> String {
            try tool.run(try JSONFields(arguments, path: "read_file"))
        }

        #expect(try read(["path": "inbox/most"]).utf8.count == most)
        #expect(throws: FileError.self) { try read(["path": "inbox/more"]) }
        #expect(throws: AgentError("inbox/odd is no text")) { try read(["path": "inbox/odd"]) }
        #expect(throws: JSONError.self) { try read(["path": "inbox/most", "mood": 1]) }
        for path in ["inbox/../inbox/most", "inbox/./most", "inbox/most\0x", "work/most"] {
            #expect(throws: AgentError.self, "\(path)") { try read(["path": .string(path)]) }
        }
    }

    @Test("an expression is evaluated with its symbol and nothing else")
    func evaluate() throws {
        let series = try Sample.series("AAA", through: "2024-03-08", closes: Sample.calm(5))
        let tool = EvaluateTool(history: { [series] })
        let asked: JSON = ["symbol": "AAA", "expression": "close"]
        let more = JSON.object((asked.objectValue ?? []) + [.init("mood", 1)])

        #expect(try tool.run(try JSONFields(asked, path: "x")).contains("2024-03-08"))
        #expect(throws: JSONError.self) { try tool.run(try JSONFields(more, path: "x")) }
    }

    private func input(_ signals: [Signal]) throws -> TurnInput {
        try Sample.input(try Sample.instant("2024-03-08T21:00:00Z"), signals)
    }

    @Test("the inbox: no bars, each signal cut, and further ones named as files")
    func inbox() throws {
        let long = Signal(
            id: "verdict-1",
            topic: .verdict,
            body: ["reason": .string(String(repeating: "z", count: 5_000))]
        )
        let bars = Signal(id: "bars-1", topic: .bars, body: ["q": 1])

        let one = PromptTables.inbox(try input([bars, long]))
        let many = PromptTables.inbox(try input(Array(repeating: long, count: 40)))
        let quiet = PromptTables.inbox(try input([bars]))

        #expect(one.count { $0 == "z" } < PromptTables.signalLimit && !one.contains("bars-1"))
        #expect(one.count { $0 == "z" } > PromptTables.signalLimit - 40)
        #expect(many.utf8.count < PromptTables.inboxLimit + 100 && many.hasSuffix("inbox/\n"))
        #expect(quiet.hasSuffix("Nothing but bars."))
    }

    @Test("an agent's own words, and lists")
    func words() throws {
        var state = StateFile()
        state.prose = String(repeating: "p", count: 9_000)
        let input = try Sample.input(try Sample.instant("2024-03-08T21:00:00Z"), state: state)

        #expect(PromptTables.prose(input).count == PromptTables.proseLimit)
        let list = PromptTables.list((0..<60).map { "n\($0)" })
        #expect(list.hasSuffix("n49"))
    }

    @Test("tools of connectors are offered to agents that have connectors, and to no others")
    func connectors() throws {
        let port = ScriptedPort([])
        port.tools = [ConversationTool("news__look", "", schema: [:])]
        let input = try input([])

        let with = try port.settings(hasConnectors: true).tools(input)
        let without = try port.settings(hasConnectors: false).tools(input)

        #expect(with.map(\.definition.name) == ["read_file", "news__look"])
        #expect(without.map(\.definition.name) == ["read_file"])
    }

    @Test("an opinion's reason is one line of a summary's length, and it has one repair")
    func opinion() throws {
        let long = String(repeating: "r", count: 1_000)
        let port = ScriptedPort(words: ["Yes!", #"{"agrees":true,"reason":"a\nb \#(long)"}"#])
        let judge = ModelJudge(settings: try port.settings(.verifier))

        let opinion = try judge.judge(try Sample.strategy(), [:], try input([]))

        #expect(opinion.agrees && port.asked.count == 2)
        #expect(opinion.reason.hasPrefix("a b rrr"))
        #expect(opinion.reason.unicodeScalars.count == TurnContract.summaryLimit)
    }

    private static func note(_ changes: [JSON.Member] = []) -> JSON {
        let usual: [JSON.Member] = [
            .init("name", "a"), .init("family", "rise"), .init("universe", ["AAA"]),
            .init("side", "long"), .init("parameters", [["name": "n", "value": 20]]),
            .init("features", []), .init("enter", "close > lag(close, n)"),
            .init("exit", "close < lag(close, n)"), .init("size", 0.02), .init("stop", .null),
            .init("target", .null), .init("hold", 20),
        ]
        return .object(
            usual.map { member in changes.first { $0.name == member.name } ?? member }
        )
    }

    @Test(
        "a strategy's note says each thing once, within its bounds, of symbols that are traded",
        arguments: [
            (
                "parameters", [["name": "n", "value": 20], ["name": "n", "value": 30]],
                "'n' is given twice"
            ),
            ("parameters", [["name": "n", "value": 20, "mood": 1]], "mood"),
            ("hold", 10_001, "expected a whole number from 1 to 10000"),
            ("hold", 0, "expected a whole number from 1 to 10000"),
            ("universe", ["BBB"], "'BBB' is not traded here; there are AAA"),
        ] as [(String, JSON, String)]
    )
    func notes(member: String, value: JSON, words: String) throws {
        let note = Self.note([.init(member, value)])

        let error = #expect(throws: JSONError.self) {
            try StrategyNote.strategy(note, symbols: ["AAA"], mostSize: 0.02)
        }

        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        _ = try StrategyNote.strategy(Self.note(), symbols: ["AAA"], mostSize: 0.02)
    }

    @Test("a strategy whose symbols have too few sessions is not tried, and does not count")
    func shortHistory() throws {
        let bench = ResearchBench(
            history: try Sample.simulated(sessions: 100).series,
            symbols: ["AAA"],
            costs: .none,
            capital: 1_000,
            limit: 3
        )

        let error = #expect(throws: AgentError.self) { try bench.propose(Self.note()) }

        #expect(error?.description.contains("sessions in sample; a strategy needs") == true)
        #expect(bench.tried.isEmpty && bench.proposed.isEmpty)
    }
}
