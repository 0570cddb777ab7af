// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("Programs that are started for each turn", .scratchFolder, .timeLimit(.minutes(3)))
struct ProgramAgentTests {
    private static let strategy = """
        {"name": "average", "family": "average", "universe": ["IBM"], "side": "long", \
        "size": 0.02, "parameters": {"n": 20}, "enter": "close > sma(close, n)", \
        "exit": "close < sma(close, n)"}
        """

    /// Proposes in its first turn, and looks whether it finds anything of the turn before.
    private static let proposer = ProgramDesk.Agent(
        name: "proposer",
        script: """
            if TURN == 1:
                with open("outbox/1-proposal.json", "w") as file:
                    json.dump({"schema": 1, "topic": "proposal",
                               "body": {"strategy": \(strategy)}}, file)
            home = os.environ["HOME"]
            note("found " + str(sorted(os.listdir(home))) + " " + os.environ["LOOPDESK_TIME"])
            os.makedirs(home + "/.cache/sessions")
            open(home + "/.cache/sessions/lock", "w").close()
            print("inbox:", *sorted(os.listdir("inbox")))
            remember()
            """,
        command: "[python3, -ISs, tools/proposer.py]"
    )

    @Test("files are all that is needed, and two replays give the same commits")
    func deterministic() async throws {
        let made = try await ProgramDesk.make([Self.proposer])

        let first = try await made.desk.replayedHeads()
        let subjects = try await made.subjects("proposer")
        let second = try await made.desk.replayedHeads("--fresh")

        #expect(subjects == ["turn 1", "turn 2"])
        #expect(first == second)
        let signals = try await made.desk.git.lines(
            "ls-tree",
            "-r",
            "--name-only",
            "agents/proposer",
            "--",
            "agents/proposer/signals"
        )
        let path = try #require(signals.first)
        let text = try await made.desk.git.run("show", "agents/proposer:\(path)").stdout
        let body = try #require(try JSON(parsing: Array(text.utf8))["body"])
        #expect(body["strategy_hash"]?.stringValue?.utf8.count == 64)
        #expect(body["family"] == "average")
        let heard = try await made.subjects("backtester")
        // It was delivered, though two bars are too few to test it with.
        #expect(heard.count == 1 && heard[0].contains("the history has no bars"), "\(heard)")
    }

    @Test("its home is its own, outside of the worktree, and empty in each turn")
    func home() async throws {
        let made = try await ProgramDesk.make([Self.proposer])
        let home = made.desk.folder.folder(".loopdesk/homes/proposer")
        _ = try await made.desk.run("replay", "--through", "2000-03-01")
        let first = try await made.note("proposer")
        // As a kill in the middle of a turn leaves it.
        try home.replace("session", with: [])

        _ = try await made.desk.replayedHeads()

        #expect(first == "found [] 2000-03-01T21:00:00Z")
        let note = try await made.note("proposer")
        #expect(note == "found [] 2000-03-02T21:00:00Z")
        #expect(try home.names() == [])
    }

    @Test(
        "a success that is an error is an error, and what it cost is kept",
        arguments: [
            (
                #"{"type":"result","subtype":"success","is_error":true,"result":"API Error: 529","#
                    + #""total_cost_usd":0.5,"usage":{"input_tokens":7,"output_tokens":1}}"#,
                0,
                "the program ended with status 0, but it says that it failed: API Error: 529",
                ["Tokens: 8", "Cost: 0.5"]
            ),
            (
                #"{"type":"result","subtype":"error_max_turns","is_error":false}"#, 1,
                "the program ended with status 1: it did not come to its end: error_max_turns", []
            ),
            (
                #"{"type":"assistant"}"#, 0,
                "the program ended with status 0, but its output has no final event, so it did not"
                    + " come to its end", []
            ),
            ("not JSON", 2, "the program ended with status 2", []),
        ]
    )
    func masked(_ line: String, _ status: Int, _ reason: String, cost: [String]) async throws {
        let agent = ProgramDesk.Agent(
            name: "liar",
            script: "remember()\nprint('''\(line)''')\nsys.exit(\(status))\n",
            entry: "program: {kind: claude, in_replay: run, tools: []}"
        )
        let made = try await ProgramDesk.make([agent])

        _ = try await made.desk.run("replay", "--through", "2000-03-01")

        let body = try await made.desk.git.lines("log", "-1", "--format=%B", "agents/liar", "--")
        #expect(
            body.first.map { "dead letter: \(reason)".hasPrefix($0.prefix(100)) } == true,
            "\(body)"
        )
        let told = body.filter { $0.hasPrefix("Tokens: ") || $0.hasPrefix("Cost: ") }
        #expect(told == cost, "\(body)")
    }

    @Test("what a run says that it cost stands in its commit")
    func cost() async throws {
        let result = """
            {"type":"result","subtype":"success","is_error":false,"result":"all done\\\\nmore",
             "total_cost_usd":0.0123,"usage":{"input_tokens":100,"cache_read_input_tokens":20,
             "output_tokens":30}}
            """.split(separator: "\n").joined(separator: " ")
        let agent = ProgramDesk.Agent(
            name: "spender",
            script: "remember()\nprint('''\(result)''')\n",
            entry: "program: {kind: claude, in_replay: run, tools: []}"
        )
        let made = try await ProgramDesk.make([agent])

        _ = try await made.desk.run("replay", "--through", "2000-03-01")

        let body = try await made.desk.git.lines("log", "-1", "--format=%B", "agents/spender", "--")
        #expect(body.first == "all done")
        #expect(body.contains("Tokens: 150") && body.contains("Cost: 0.0123"), "\(body)")
    }

    @Test("an assistant has no turns in a replay")
    func rests() async throws {
        let agent = ProgramDesk.Agent(
            name: "assistant",
            script: "remember()\n",
            entry: "program: {kind: codex, tools: []}"
        )
        let made = try await ProgramDesk.make([agent])

        _ = try await made.desk.replayedHeads()

        #expect(try await made.subjects("assistant") == [])
    }
}
