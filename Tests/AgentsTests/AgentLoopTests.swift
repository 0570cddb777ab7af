// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import TestSupport
import Testing

@testable import Agents

@Suite("Agent loop", .scratchFolder)
struct AgentLoopTests {
    static let statePath = "agents/plain/STATE.md"

    @Test("a start and a turn publish signals and memory, and the answer sums them up")
    func turn() throws {
        var bench = try AgentBench()
        try bench.start(.ingestor)

        let answer = try bench.run()

        let bytes = try bench.worktree.folder("outbox").read("1-bars.json")
        let signal = try Signal(committed: bytes, path: "agents/plain/signals/1-bars.json")
        let state = try StateFile(
            parsing: try bench.worktree.read(Self.statePath),
            file: Self.statePath
        )
        #expect(answer["id"]?.intValue == 7)
        #expect(
            answer["result"]?["summary"]?.stringValue?.hasPrefix("bars 2024-01-02: AAA") == true
        )
        #expect(try bench.said == ["1-bars.json"])
        #expect(signal.body["snapshot"]?["chain"] == state["chain"])
        #expect(state["rows"]?.intValue == 1)
    }

    @Test("the memory of one turn is the beginning of the next, also in a new process")
    func memory() throws {
        var bench = try AgentBench()
        try bench.start(.ingestor)
        _ = try bench.run()
        var other = bench
        other.loop = AgentLoop(worktreePath: bench.worktree.path) { _, _ in { _ in [] } }
        try other.start(.ingestor)

        _ = try other.run("2024-01-03T21:00:00Z", turn: 2)

        let state = try StateFile(
            parsing: try bench.worktree.read(Self.statePath),
            file: Self.statePath
        )
        #expect(state["rows"]?.intValue == 2)
    }

    @Test("the same turn in the same worktree leaves the same bytes")
    func deterministic() throws {
        var bench = try AgentBench()
        try bench.start(.ingestor)

        _ = try bench.run()
        let first = try bench.worktree.folder("outbox").read("1-bars.json")
        let state = try bench.worktree.read(Self.statePath)
        try bench.worktree.removeFile(Self.statePath)
        _ = try bench.run()

        #expect(try bench.worktree.folder("outbox").read("1-bars.json") == first)
        #expect(try bench.worktree.read(Self.statePath) == state)
    }

    @Test("an unknown method is answered as such, with or without parameters")
    func unknownMethod() throws {
        var bench = try AgentBench()

        let answer = try bench.ask("turn/dance", [:])
        let bare = try JSON(parsing: bench.loop.answer(Array(#"{"id":1,"method":"ping"}"#.utf8)))

        #expect(answer["error"]?["code"]?.intValue == -32601)
        #expect(answer["id"]?.intValue == 7)
        #expect(bare["error"]?["code"]?.intValue == -32601)
    }

    @Test("a turn before the start is refused, also after a start that failed")
    func runBeforeStart() throws {
        var bench = try AgentBench()

        let first = try bench.run()
        let start = try bench.ask(
            TurnContract.startMethod,
            try bench.context(.risk, gateway: nil).json
        )
        let second = try bench.run()

        #expect(AgentBench.fault(first) == "asked for a turn before the start")
        #expect(AgentBench.fault(start).contains("without a gateway"))
        #expect(AgentBench.fault(second) == "asked for a turn before the start")
    }

    @Test(
        "a line that is no request is answered with an error and no id",
        arguments: ["", "{", "[]", "7", #"{"method":"turn/run","params":{}}"#]
    )
    func malformed(line: String) throws {
        var bench = try AgentBench()

        let answer = try JSON(parsing: bench.loop.answer(Array(line.utf8)))

        #expect(answer["error"]?["code"]?.intValue == -32000)
        #expect(answer["id"] == .null)
    }

    @Test(
        "wrong parameters are an error that names the member",
        arguments: [
            ("agent/start", [:], "agent"), ("turn/run", ["turn": 1], "time"),
            ("turn/run", ["turn": "x", "time": "2024-01-02T21:00:00Z"], "turn"),
        ] as [(String, JSON, String)]
    )
    func wrongParameters(method: String, parameters: JSON, member: String) throws {
        var bench = try AgentBench()

        let answer = try bench.ask(method, parameters)

        #expect(AgentBench.fault(answer).contains(member))
    }

    @Test("a missing skill is an error, and the turn works once it is there")
    func missingSkill() throws {
        var bench = try AgentBench()
        try bench.start(.ingestor, skills: ["extra"])

        let failed = try bench.run()
        let none = try bench.said
        let text = AgentBench.skill.replacing("name: plain", with: "name: extra")
        try bench.worktree.replace("skills/extra/SKILL.md", with: Array(text.utf8))
        let done = try bench.run()

        #expect(AgentBench.fault(failed).contains("skills/extra/SKILL.md"))
        #expect(none.isEmpty)
        #expect(done["result"] != nil)
    }

    @Test("a skill that changes between turns is read anew, and a broken one is an error")
    func changedSkill() throws {
        var bench = try AgentBench()
        try bench.start(.verifier)
        let report = try VerifierBench.report(try Sample.strategy())
        let series = try Sample.simulated(sessions: 60).series
        try bench.market.replace("history.csv", with: BarCSV.bytes(of: series))
        try bench.deliver([try VerifierBench.trials(of: [report]), report])
        func verdict(_ skill: String) throws -> JSON? {
            try bench.worktree.replace("agents/plain/SKILL.md", with: Array(skill.utf8))
            _ = try bench.run("2001-01-02T21:00:00Z")
            let bytes = try bench.worktree.folder("outbox").read("1-verdict.json")
            return try JSON(parsing: bytes)["body"]?["rules"]?.arrayValue?.first?["holds"]
        }

        let first = try verdict(AgentBench.skill)
        let second = try verdict(AgentBench.skill.replacing("trades >= 0", with: "trades < 0"))
        try bench.worktree.replace("agents/plain/SKILL.md", with: Array("no skill".utf8))
        let broken = try bench.run("2001-01-02T21:00:00Z")
        try bench.worktree.replace("agents/plain/SKILL.md", with: [0x2D, 0xFF])
        let binary = try bench.run("2001-01-02T21:00:00Z")

        #expect(first == true)
        #expect(second == false)
        #expect(AgentBench.fault(broken).contains("front matter"))
        #expect(AgentBench.fault(binary).contains("not UTF-8"))
    }

    @Test("a turn that fails leaves no half outbox and no new memory")
    func noHalfOutbox() throws {
        var bench = try AgentBench()
        try bench.start(.verifier)
        let series = try Sample.simulated(sessions: 60).series
        try bench.market.replace("history.csv", with: BarCSV.bytes(of: series))
        let good = try VerifierBench.report(try Sample.strategy())
        let bad = Signal(id: "trials-7-0", topic: .trials, body: ["count": "many"])
        try bench.deliver([good, bad])

        let answer = try bench.run("2001-01-02T21:00:00Z")

        #expect(AgentBench.fault(answer).contains("trials.count: expected a whole number"))
        #expect(try bench.said.isEmpty)
        #expect(!bench.worktree.contains(Self.statePath))
    }

    @Test("a delivered file that is no signal, or a state that is none, is an error")
    func brokenFiles() throws {
        var bench = try AgentBench()
        try bench.start(.ingestor)
        try bench.worktree.replace(Self.statePath, with: Array("chain".utf8))
        let state = try bench.run()
        try bench.worktree.removeFile(Self.statePath)
        try bench.worktree.folder("inbox").replace("1-bars.json", with: Array("{}".utf8))
        let signal = try bench.run()

        #expect(AgentBench.fault(state).contains("STATE.md"))
        #expect(AgentBench.fault(signal).contains("inbox/1-bars.json"))
        #expect(try bench.said.isEmpty)
    }

    @Test("signals and notes are published side by side, numbered from one")
    func publishes() throws {
        let bench = try AgentBench()
        let folder = AgentFolder(
            worktree: bench.worktree,
            context: try bench.context(.verifier)
        )
        var output = TurnOutput(state: StateFile(values: [.init("a", 1)]), summary: "")
        output.say(.verdict, ["x": 1])
        output.say(.verdict, ["x": 2])
        output.notes = ["one\n"]

        try folder.publish(output)

        let second = try JSON(
            parsing: try bench.worktree.folder("outbox").read("2-verdict.json")
        )
        #expect(try bench.said == ["1-note.md", "1-verdict.json", "2-verdict.json"])
        #expect(second["body"] == ["x": 2])
        #expect(try bench.worktree.read(Self.statePath) == output.state.bytes)
    }
}
