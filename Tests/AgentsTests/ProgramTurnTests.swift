// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Agents

@Suite("A turn of a program", .scratchFolder)
struct ProgramTurnTests {
    /// A desk in which a program is the agent `one`.
    private struct Field {
        let desk: DeskConfiguration
        let agent: AgentConfiguration
        let context: AgentContext
        let worktree: Folder
        let home: Folder

        init(_ entry: String) throws {
            let text = """
                version: 1
                name: programs
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: csv, path: bars.csv}, symbols: [IBM], session_close: "21:00"}
                account: {capital: 1000000}
                agents:
                  one: {role: researcher, on: [bars], command: [think], \(entry)}
                """
            let root = Folder(try ScratchFolder.path)
            desk = try DeskConfiguration(parsing: text)
            agent = try #require(desk.agents.first)
            worktree = root.folder("worktree")
            home = root.folder("home")
            for folder in ["agents/one", "inbox", "outbox"] {
                try worktree.folder(folder).create()
            }
            try home.create()
            try worktree.replace("agents/one/SKILL.md", with: Array("# Manual\n".utf8))
            context = AgentContext(
                agent: agent.name,
                role: .researcher,
                skills: [],
                settings: [:],
                configuration: text,
                dataFolder: root.path,
                marketFolder: root.path,
                gatewayDescriptor: nil
            )
        }

        func turn(
            variables: [(name: String, value: String)]? = nil,
            printing lines: [String] = []
        ) throws -> ProgramTurn {
            try ProgramTurn(
                agent,
                try #require(agent.program),
                of: desk,
                context: context,
                worktree: worktree,
                surroundings: ProgramSurroundings(
                    environment: variables ?? [("HOME", home.path)],
                    run: { _, take in
                        for line in lines { take(Array(line.utf8)) }
                        return .exited(code: 0)
                    }
                )
            )
        }

        func prompt() throws -> String {
            try ProgramPrompt(
                context: context,
                worktree: worktree,
                folderPath: worktree.path,
                symbols: ["IBM"],
                hasTools: false
            ).text(for: try ProgramTurnTests.run())
        }
    }

    private static func run() throws -> TurnContract.Run {
        TurnContract.Run(turn: 1, time: try Sample.instant("2000-03-01T21:00:00Z"))
    }

    @Test("a program is not run without a home of its own")
    func homeless() throws {
        let field = try Field("program: {kind: once}")

        let error = #expect(throws: AgentError.self) { try field.turn(variables: []) }

        #expect(error?.description.contains("there is no HOME for the program of one") == true)
    }

    @Test(
        "where a goal has a budget of money, a run that does not say what it cost comes to nothing",
        arguments: [true, false]
    )
    func silentCost(hasBudget: Bool) throws {
        let money = hasBudget ? ", money: 5" : ""
        let field = try Field(
            "program: {kind: codex, prices: {input: 1, cached: 0, output: 10}},"
                + " goal: {until: turns > 3, turns: 4\(money)}"
        )
        let end = #"{"type":"turn.completed"}"#

        let result = try field.turn(printing: [end]).run(try Self.run())

        let failure = result["failed"]?.stringValue
        #expect((failure?.contains("did not say what it cost") == true) == hasBudget)
        #expect((failure != nil) == hasBudget)
    }

    @Test("files are quoted while there is room, and beyond it named")
    func quoted() throws {
        let field = try Field("program: {kind: once}")
        let inbox = field.worktree.folder("inbox")
        let large = ProgramPrompt.quotedLimit
        try inbox.replace("1-a.json", with: Array("small".utf8))
        try inbox.replace("2-b.json", with: [UInt8](repeating: 0x78, count: large))
        try inbox.replace("3-c.json", with: Array("after".utf8))

        let prompt = try field.prompt()

        #expect(prompt.contains("<file path=\"inbox/1-a.json\">\nsmall\n</file>"))
        #expect(prompt.contains("inbox/2-b.json: \(large) bytes; read it."))
        #expect(prompt.contains("<file path=\"inbox/3-c.json\">\nafter\n</file>"))
        #expect(prompt.utf8.count < large)
    }

    @Test("of many files the first hundred are named, and the others counted")
    func many() throws {
        let field = try Field("program: {kind: once}")
        let most = ProgramPrompt.listedLimit
        for number in 1...(most + 5) {
            try field.worktree.folder("inbox").replace("\(1000 + number).json", with: [0x31])
        }

        let prompt = try field.prompt()

        #expect(prompt.contains("inbox/\(1000 + most).json"))
        #expect(!prompt.contains("inbox/\(1001 + most).json"))
        #expect(prompt.contains("And 5 more files in inbox/."))
    }

    private static func words(_ command: String..., tools: String? = nil) -> [String] {
        ProgramSetup(
            kind: .claude,
            command: command,
            home: "/h",
            modelAddress: nil,
            toolsAddress: tools
        ).words
    }

    /// What stands behind an option, once for each time that it is there.
    private static func values(_ option: String, in words: [String]) -> [String] {
        words.indices.filter { words[$0] == option }.map { words[$0 + 1] }
    }

    @Test("without a word of its owner's a program may read, and use the desk's tools alone")
    func allowed() {
        let option = "--allowedTools"

        let plain = Self.words("claude")
        let tooled = Self.words("claude", tools: "http://127.0.0.1:1/mcp")
        let own = Self.words("claude", option, "Bash")

        #expect(Self.values(option, in: plain) == ["Read,Glob,Grep"])
        #expect(Self.values(option, in: tooled) == ["Read,Glob,Grep,mcp__loopdesk"])
        #expect(Self.values(option, in: own) == ["Bash"])
        #expect(plain.contains("--strict-mcp-config"))
    }

    @Test("an option that the owner gives stands, in either way to write it")
    func given() {
        let joined = Self.words("claude", "--output-format=stream-json", "--allowedTools=Bash")
        let apart = Self.words("claude", "--output-format", "stream-json")

        #expect(!joined.contains("--output-format") && !joined.contains("--allowedTools"))
        #expect(Self.values("--output-format", in: apart) == ["stream-json"])
    }
}
