// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Models
import TestSupport
import Testing

@testable import Supervisor

@Suite("Models and the tape", .scratchFolder)
struct ModelTapeTests {
    private func notes(_ bench: Bench) async throws -> [String] {
        var notes: [String] = []
        for path in try await bench.files(of: "researcher", in: "notes")
        where path.contains("-2.md") || path.contains("-1.md") {
            notes.append(try await bench.show("agents/researcher:\(path)"))
        }
        return notes
    }

    @Test("an agent's question is answered, and question, answer and cost stand in its commit")
    func recorded() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        bench.services = { try server.services($0, source: .record) }

        try bench.run(through: 2)

        let path = "agents/researcher/tape/0000/00/000002.json"
        let tape = try TurnTape(
            parsing: Array(try await bench.show("agents/researcher:\(path)").utf8)
        )
        #expect(server.calls == 2)
        #expect(tape.calls.count == 1)
        #expect(tape.calls[0].usage == ModelUsage(input: 10, output: 5))
        #expect(try await notes(bench).contains { $0.contains("answer 2") })
        let head = try await bench.head(of: "researcher")
        #expect(try await bench.trailers("Model", of: head) == ["small-1"])
        #expect(try await bench.trailers("Tokens", of: head) == ["15"])
        #expect(try await bench.trailers("Cost", of: head) == ["0.00007"])
        #expect(server.requests[0].contains("x-api-key: \(ModelServer.key)"))
        #expect(server.requests[0].contains("turn 1"))
    }

    @Test("history replays from the tape to the same commits, and nobody is asked")
    func replayed() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        bench.services = { try server.services($0, source: .record) }
        try bench.run(through: 4)
        let first = try await bench.heads()
        _ = try bench.open().startOver()
        bench.services = { try AgentServices($0, source: .tape) }

        try bench.run(through: 2)
        try bench.run(through: 4)

        #expect(try await bench.heads() == first)
        #expect(server.calls == 4)
    }

    @Test("of equal questions in one turn each gets its own answer again, also in a clone")
    func places() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        let twice = """
            note(8, told(ask("model/complete", question("same"))))
                note(9, told(ask("model/complete", question("same"))))
            """
        try bench.script(
            "researcher",
            ModelServer.script.replacing(
                "note(9, told(ask(\"model/complete\", question(f\"turn {turn}\"))))",
                with: twice
            )
        )
        bench.services = { try server.services($0, source: .record) }
        try bench.run(through: 1)
        let first = try await bench.heads()
        let head = try await bench.git.lines("rev-parse", "agents/researcher")
        _ = try bench.open().startOver()
        bench.services = { try AgentServices($0, source: .tape) }

        try bench.run(through: 1)
        let again = try await bench.heads()
        _ = try bench.open().startOver()
        for name in try await bench.git.lines("for-each-ref", "--format=%(refname)", "refs/rescue")
        {
            try await bench.git.run("update-ref", "-d", name)
        }
        try await bench.git.run("update-ref", "refs/remotes/origin/agents/researcher", head[0])
        try bench.run(through: 1)

        #expect(server.calls == 2)
        #expect(again == first)
        #expect(try await bench.heads() == first)
    }

    @Test("of several records of one call the one on the branch that came furthest counts")
    func newest() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        // A source that never looks for what was recorded before.
        bench.services = { try server.services($0, source: .live) }
        for days in [1, 3, 2] {
            try bench.run(through: days)
            _ = try bench.open().startOver()
            try bench.desk.folder(".loopdesk/calls").removeAll()
        }
        bench.services = { try AgentServices($0, source: .tape) }

        try bench.run(through: 1)

        #expect(server.calls == 6)
        #expect(try await notes(bench).contains { $0.contains("answer 2") })
    }

    @Test("a call of which nothing is recorded ends the replay, and it says which")
    func missing() async throws {
        var bench = try await ModelServer.bench()
        bench.services = { try AgentServices($0, source: .tape) }

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 1) }

        #expect(error?.code == .tape)
        #expect(
            error?.message.hasPrefix("nothing is recorded of call 1 (model ") == true
                && error?.message.hasSuffix("in turn 1 of researcher at 2000-03-01T21:00:00Z")
                    == true
        )
        #expect(try await bench.subjects(of: "researcher").isEmpty)
    }

    @Test("another question than the recorded one is not answered by the tape")
    func otherQuestion() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        bench.services = { try server.services($0, source: .record) }
        try bench.run(through: 1)
        _ = try bench.open().startOver()
        try bench.script("researcher", ModelServer.script.replacing("f\"turn", with: "f\"Turn"))
        bench.services = { try AgentServices($0, source: .tape) }

        #expect(throws: SupervisorError.self) { try bench.run(through: 1) }
    }

    @Test("what another model would be sent is not answered by the tape")
    func otherModel() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        bench.services = { try server.services($0, source: .record) }
        try bench.run(through: 1)
        _ = try bench.open().startOver()
        let text = String(decoding: try bench.desk.read("orchestrator.yml"), as: UTF8.self)
        try bench.write(
            "desk",
            "orchestrator.yml",
            text.replacing("model: small-1", with: "model: small-2")
        )
        try await bench.commit("another model")
        bench.services = { try AgentServices($0, source: .tape) }

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 1) }

        #expect(error?.code == .tape)
    }

    @Test("an agent that is killed after its answer gets the same one again")
    func killed() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        try bench.script(
            "researcher",
            ModelServer.script + """

                def after(turn, attempt):
                    if attempt == 1:
                        os.kill(os.getpid(), 9)
                """
        )
        bench.services = { try server.services($0, source: .record) }

        try bench.run(through: 2)

        #expect(server.calls == 2)
        #expect(try await notes(bench).contains { $0.contains("answer 2") })
    }

    @Test("an attempt that failed by its own fault asks anew; what was used for it is on the tape")
    func ownFault() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        try bench.script(
            "researcher",
            ModelServer.script + """

                def after(turn, attempt):
                    if attempt == 1:
                        answer(error={"code": 1, "message": "no good"})
                        return True
                """
        )
        bench.services = { try server.services($0, source: .record) }
        try bench.run(through: 1)
        let first = try await bench.heads()
        _ = try bench.open().startOver()
        for file in try bench.scripts.names() where file.hasSuffix(".attempts") {
            try bench.scripts.removeFile(file)
        }
        bench.services = { try AgentServices($0, source: .tape) }

        try bench.run(through: 1)

        #expect(server.calls == 2)
        #expect(try await bench.heads() == first)
        #expect(try await notes(bench).contains { $0.contains("answer 2") })
    }

    @Test("a turn that is given up keeps what it was told, and replays to the same dead letter")
    func parked() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        try bench.script(
            "researcher",
            ModelServer.script + """

                def after(turn, attempt):
                    answer(error={"code": 1, "message": "no good"})
                    return True
                """
        )
        bench.services = { try server.services($0, source: .record) }
        try bench.run(through: 1)
        let first = try await bench.heads()
        _ = try bench.open().startOver()
        bench.services = { try AgentServices($0, source: .tape) }

        try bench.run(through: 1)

        #expect(server.calls == 3)
        #expect(try await bench.heads() == first)
        #expect(try await bench.subjects(of: "researcher")[0].hasPrefix("dead letter"))
    }

    @Test("a model may take longer than a turn may without it")
    func slow() async throws {
        let server = ModelServer { number, peer in
            peer.pass(milliseconds: 1500)
            peer.say(ModelServer.reply("slow \(number)"))
        }
        var bench = try await ModelServer.bench(timeout: "1s")
        bench.services = { try server.services($0, source: .record) }

        try bench.run(through: 1)

        #expect(server.calls == 1)
        #expect(try await notes(bench).contains { $0.contains("slow 1") })
    }

    @Test("a live desk answers while other agents go on")
    func live() async throws {
        let server = ModelServer()
        var bench = try await ModelServer.bench()
        bench.services = { try server.services($0, source: .live) }
        let feed = GrowingFeed([Bench.days[0]])
        let live = try LiveBench(bench, feed: feed)

        let isDone = try await eventually(within: .seconds(30)) {
            try await bench.git.lines("log", "--all", "--format=%(trailers:key=Model)")
                .contains("Model: small-1")
        }
        try await live.stop()

        #expect(isDone)
        #expect(server.calls == 1)
        #expect(try await notes(bench).contains { $0.contains("answer 1") })
    }
}
