// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Models
import TestSupport
import Testing

@testable import Supervisor

@Suite("The second judge of a goal", .scratchFolder)
struct GoalJudgeTests {
    private static func outcome(
        _ text: String,
        stop: ModelStop = .finished
    ) -> Result<JSON, RequestFailure> {
        .success(ModelAnswer([.text(text)], stop: stop, usage: nil).json)
    }

    @Test("it agrees by one form alone")
    func agrees() {
        let yes = GoalJudge.opinion(Self.outcome(#"{"met":true,"reason":"plain"}"#))
        let no = GoalJudge.opinion(Self.outcome(#"{"met":false,"reason":"thin"}"#))

        #expect(yes == (true, "plain"))
        #expect(no == (false, "thin"))
    }

    @Test(
        "everything else is a no",
        arguments: [
            outcome("yes"), outcome(#"{"met":true}"#), outcome(#"{"met":1,"reason":""}"#),
            outcome(#"It is. {"met":true,"reason":"x"}"#), outcome(""),
            outcome(#"{"met":true,"reason":"x","more":1}"#),
            outcome(#"{"met":true,"reason":"x"}"#, stop: .mostTokens),
            .failure(RequestFailure(code: "overBudget", reason: "nothing is left")),
            .success("broken"),
        ] as [Result<JSON, RequestFailure>]
    )
    func closed(outcome: Result<JSON, RequestFailure>) {
        #expect(!GoalJudge.opinion(outcome).isMet)
    }

    /// A live desk whose researcher has a goal that its first turn meets, and a judge.
    private func run(
        _ server: ModelServer,
        until isDone: @escaping (GoalStatus) -> Bool
    ) async throws -> (status: GoalStatus, requests: [String]) {
        var setting = Bench.Setting()
        setting.agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("researcher", "role: researcher, goal: {until: turns > 0, turns: 4, judge: small}"),
        ]
        setting.more = ModelServer.models
        var bench = try await Bench.make("a", setting)
        // Each turn says something, so that the goal is not blocked.
        try bench.script(
            "researcher",
            #"""
            def before(turn, attempt):
                say(1, "proposal", proposal(f"idea {turn}"))
            """#
        )
        bench.services = { try server.services($0, source: .live) }
        let live = try LiveBench(bench)
        let researcher = try #require(AgentName("researcher"))
        let desk = try bench.open()
        func status() throws -> GoalStatus? {
            try GoalKeeper(desk, check: nil).status(of: researcher, at: FixedWall().now())
        }
        _ = try await eventually(within: .seconds(30)) { try status().map(isDone) ?? false }
        try await live.stop()
        return (try #require(try status()), server.requests)
    }

    @Test("a goal whose test holds stays open until its judge agrees")
    func waits() async throws {
        let server = ModelServer { number in
            number < 3 ? #"{"met":false,"reason":"thin"}"# : #"{"met":true,"reason":"plain"}"#
        }

        let (status, requests) = try await run(server) { $0.state == .met }

        #expect(status.state == .met)
        #expect(status.budget.spent.turns == 3)
        #expect(requests.count == 3)
        #expect(requests[0].contains("turns > 0") && requests[0].contains("idea 1"))
    }

    @Test("the judge is shown the last signals and the beginning of the memory, each to a limit")
    func limits() async throws {
        var setting = Bench.Setting()
        setting.agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("researcher", "role: researcher, on: [bars], goal: {until: turns > 9, turns: 20}"),
        ]
        setting.fileLimit = 1 << 20
        setting.filesPerTurn = 20
        let bench = try await Bench.make("a", setting)
        try bench.script(
            "researcher",
            #"""
            def after(turn, attempt):
                for number in range(11, 23):
                    say(number, "proposal", proposal(f"idea {number} " + "x" * 3000))
                write(f"{own}/STATE.md", "---\nturn: 1\n---\n" + "memory " * 2000)
            """#
        )
        try bench.run(through: 1)
        let desk = try bench.open()
        let agent = try #require(
            desk.configuration.agents.first { $0.name.description == "researcher" }
        )

        let conversation = try GoalJudge(
            desk: desk,
            agent: agent.name,
            goal: try #require(agent.triggers.goal)
        ).conversation()

        guard case .text(let prompt)? = conversation.turns.first?.parts.first else {
            Issue.record("there is no prompt")
            return
        }
        let signals = prompt.split(separator: "\n").filter { $0.hasPrefix("- proposal: ") }
        #expect(signals.count == GoalJudge.signalLimit)
        #expect(signals.allSatisfy { $0.count == "- proposal: ".count + GoalJudge.bodyLimit })
        #expect(!prompt.contains("idea 12 x") && prompt.contains("idea 22 x"))
        let memory = prompt.split(separator: "# Its memory\n\n").last?
            .split(separator: "\n\n# Your task").first
        #expect(memory?.count == GoalJudge.stateLimit)
    }

    @Test("a reason is one clean line, whatever the judge says")
    func reason() {
        let long = String(repeating: "a", count: 5000)
        let odd = GoalJudge.opinion(Self.outcome(#"{"met":false,"reason":"one\ntwo\u0007"}"#))
        let endless = GoalJudge.opinion(Self.outcome(#"{"met":true,"reason":"\#(long)"}"#))

        #expect(odd.reason == TurnContract.sanitised(summary: "one\ntwo\u{7}"))
        #expect(!odd.reason.contains("\n") && !odd.reason.contains("\u{7}"))
        #expect(endless.reason.count < 1000)
    }

    @Test("a judge that is not to be had keeps it open to the end of its budget")
    func neverAgrees() async throws {
        let server = ModelServer { _, peer in peer.say(Peer.reply(500, "broken")) }

        let (status, _) = try await run(server) { $0.state == .exhausted }

        #expect(status.state == .exhausted)
    }
}
