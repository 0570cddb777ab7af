// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Agents

@Suite("A model at its task", .scratchFolder)
struct ModelSessionTests {
    private struct EchoTool: ModelTool {
        let definition = ConversationTool.texts("echo", "Says it again.", [("text", "What.")])

        func run(_ input: JSONFields) throws -> String {
            try input.allowOnly(["text"])
            return try input.string("text")
        }
    }

    private func session(
        _ port: ScriptedPort,
        tools: [any ModelTool] = [EchoTool()],
        limit: Int = 5
    ) -> ModelSession {
        ModelSession(
            port,
            system: ["Be brief."],
            prompt: "Go.",
            tools: tools,
            output: ["type": "object"],
            limit: limit
        )
    }

    private func text(_ outcome: ModelSession.Outcome) -> String {
        switch outcome {
        case .text(let text): text
        case .failed(let reason): "failed: \(reason)"
        }
    }

    @Test(
        "tools are run and told, what is wrong with a call as an error, until there are last words"
    )
    func tools() throws {
        let mixed = ModelAnswer(
            [
                .opaque(["type": "thinking"]), .text("Looking."),
                .toolUse(id: "1", name: "echo", input: ["text": "hi"]),
                .toolUse(id: "2", name: "dance", input: [:]),
                .toolUse(id: "3", name: "echo", input: "{broken"),
                .toolUse(id: "4", name: "echo", input: ["text": 7]),
            ],
            stop: .toolUse,
            usage: nil
        )
        let port = ScriptedPort([.success(mixed), .success(ScriptedPort.words("{}"))])
        var session = session(port)

        let outcome = try session.run()

        #expect(text(outcome) == "{}")
        #expect(port.asked[1].turns[1].parts == mixed.parts)
        #expect(
            port.lastWords.split(separator: "\n").map { $0.prefix(30) } == [
                "hi", "error: no tool 'dance'; there ", "error: echo: expected an objec",
                "error: echo.text: expected a t",
            ]
        )
        #expect(session.note.contains("Looking."))
    }

    @Test(
        "an answer that is none ends the task with its reason",
        arguments: [
            (ModelStop.refused, "failed: it refused"),
            (.contextFull, "failed: the conversation is longer than it can read"),
            (.mostTokens, "failed: its answer was cut at the most tokens"),
            (.finished, "words"), (.unknown, "words"), (.stopSequence, "words"),
        ]
    )
    func ends(stop: ModelStop, words: String) throws {
        var session = session(ScriptedPort([.success(ScriptedPort.words("words", stop: stop))]))

        #expect(text(try session.run()) == words)
    }

    @Test("a model that only ever wants tools, says nothing, or is not to be had comes to an end")
    func limits() throws {
        let use = ScriptedPort.use("echo", ["text": "x"])
        var busy = session(ScriptedPort(Array(repeating: .success(use), count: 9)), limit: 3)
        var empty = session(ScriptedPort([.success(ModelAnswer([], stop: .finished, usage: nil))]))
        var poor = session(ScriptedPort([]))

        #expect(text(try busy.run()) == "failed: it had not come to an end after 3 answers")
        #expect(text(try empty.run()) == "failed: it said nothing")
        #expect(text(try poor.run()) == "failed: nothing is left")
    }

    @Test("more calls at once than are allowed are not made")
    func calls() throws {
        let uses = (0..<20).map { index in
            ConversationPart.toolUse(id: "\(index)", name: "echo", input: ["text": "x"])
        }
        let many = ModelAnswer(uses, stop: .toolUse, usage: nil)
        let port = ScriptedPort([.success(many), .success(ScriptedPort.words("done"))])
        var session = session(port)

        _ = try session.run()

        #expect(port.lastWords.ranges(of: "at most 16 calls").count == 4)
    }

    @Test("a repair tells what is wrong and gives one more chance within the same limit")
    func repair() throws {
        let port = ScriptedPort(words: ["bad", "good"])
        var session = session(port)
        let first = text(try session.run())

        let second = try session.repair(first, ["a is missing"])

        #expect(text(second) == "good")
        #expect(port.lastWords.contains("- a is missing"))
        #expect(port.asked[1].turns[1].parts == [.text("bad")])
    }

    @Test("a paused model goes on")
    func paused() throws {
        let port = ScriptedPort([
            .success(ScriptedPort.words("half", stop: .paused)),
            .success(ScriptedPort.words("whole")),
        ])
        var session = session(port)

        #expect(text(try session.run()) == "whole")
        #expect(port.lastWords == "Go on.")
    }

    @Test("files of the worktree can be read, and nothing else")
    func files() throws {
        let folder = Folder(try ScratchFolder.path).folder("worktree")
        try folder.folder("inbox").create()
        try folder.replace("inbox/0001-fill.json", with: Array("{}".utf8))
        try folder.replace("secret", with: Array("no".utf8))
        let tool = FileTool(worktree: folder)
        func read(_ path: String) throws -> String {
            try tool.run(try JSONFields(["path": .string(path)], path: "read_file"))
        }

        #expect(try read("inbox/0001-fill.json") == "{}")
        for path in ["secret", "inbox/../secret", "/etc/hostname", "inbox//x", "inbox/none", ""] {
            #expect(throws: (any Error).self) { try read(path) }
        }
    }

    @Test("a skill's body is read by its name, and a connector's tool is called by the supervisor")
    func others() throws {
        let skill = try Sample.skill("skills/trading-rules")
        let port = ScriptedPort([])
        let connector = ConnectorTool(
            definition: ConversationTool("clock__now", "", schema: [:]),
            port: port
        )
        let body = try SkillTool(skills: [skill])
            .run(try JSONFields(["name": "trading-rules"], path: "x"))

        let said = try connector.run(try JSONFields(["zone": "UTC"], path: "x"))
        port.toolResult = .success(["text": "broken", "error": true])

        #expect(body.contains(skill.body))
        #expect(said == "fine")
        #expect(port.called == [#"clock__now {"zone":"UTC"}"#])
        #expect(throws: AgentError("broken")) {
            try connector.run(try JSONFields([:], path: "x"))
        }
        #expect(throws: AgentError.self) {
            try SkillTool(skills: [skill]).run(try JSONFields(["name": "none"], path: "x"))
        }
    }
}
