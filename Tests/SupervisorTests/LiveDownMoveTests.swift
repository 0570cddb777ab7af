// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import TestSupport
import Testing

@testable import Supervisor

@Suite(
    "What the owner does to branches while a live desk is down or opened anew",
    .scratchFolder,
    .timeLimit(.minutes(2))
)
struct LiveDownMoveTests {
    private static let agent = "researcher"
    private static let agents: [(name: String, text: String)] = [
        ("ingestor", "role: ingestor, every: bar"),
        ("researcher", "role: researcher, on: [bars], skills: [house]"),
    ]

    private func turns(in bench: Bench) async throws -> [String: Int] {
        let branch = "refs/heads/agents/\(Self.agent)"
        var turns: [String: Int] = [:]
        guard !(try await bench.git.lines("for-each-ref", branch)).isEmpty else { return turns }
        let lines = try await bench.git.lines(
            "log",
            "--author=\(Self.agent)",
            "--format=%H %(trailers:key=Turn,valueonly,separator=)",
            "main..\(branch)",
            "--"
        )
        for line in lines {
            let words = line.split(separator: " ")
            if words.count == 2 { turns[String(words[0])] = Int(words[1]) }
        }
        return turns
    }

    private func expect(turn number: Int, in bench: Bench) async throws {
        #expect(
            try await eventually(within: .seconds(20)) {
                try await turns(in: bench).values.contains { $0 >= number }
            },
            "there is no turn \(number)"
        )
    }

    /// Runs two days, lets the owner move the branch when the desk has ended, and goes on.
    /// - Returns: What the desk has told of itself.
    private func settle(_ move: DownMove, reopening: Bool) async throws -> String {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        let first = try LiveBench(bench, feed: GrowingFeed([Bench.days[0], Bench.days[1]]))
        try await expect(turn: 2, in: bench)
        if reopening {
            try await bench.configure(Bench.Setting(agents: Self.agents, attempts: 2))
            #expect(try await first.end() == .reconfigured)
        } else {
            #expect(try await first.stop() == .stopped)
        }
        let before = try await turns(in: bench)
        let left = try await bench.head(of: Self.agent)
        let theirs = try await move.make(on: Self.agent, in: bench)

        let second = try LiveBench(bench, feed: GrowingFeed(Array(Bench.days.prefix(3))))
        try await expect(turn: 3, in: bench)
        #expect(try await second.stop() == .stopped)

        let kept = try await Set(bench.git.lines("rev-list", "--all"))
        #expect(kept.contains(left))
        if let theirs { #expect(kept.contains(theirs)) }
        for (commit, turn) in try await turns(in: bench) {
            #expect(!before.contains { $0.value == turn && $0.key != commit }, "turn \(turn)")
        }
        let rescues = try await bench.rescues()
        #expect(rescues.isEmpty != move.leavesTurnsBehind)
        let told = try bench.desk.folder(".loopdesk/events").read("events.jsonl")
        return String(decoding: told, as: UTF8.self)
    }

    @Test("a desk that was down takes in, follows or makes again", arguments: DownMove.allCases)
    func down(move: DownMove) async throws {
        let told = try await settle(move, reopening: false)

        #expect(told.contains(move.code.rawValue))
    }

    @Test("a desk that is opened anew does the same", arguments: [DownMove.resetByTwo, .deleted])
    func reopening(move: DownMove) async throws {
        let told = try await settle(move, reopening: true)

        #expect(told.contains(move.code.rawValue))
    }

    @Test("a desk whose live turns were all taken off is still known to have run live")
    func hasRunLive() async throws {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        let live = try LiveBench(bench, feed: GrowingFeed([Bench.days[0]]))
        try await expect(turn: 1, in: bench)
        try await live.stop()
        for agent in Self.agents {
            try await bench.git.run("update-ref", "refs/heads/agents/\(agent.name)", "main")
        }

        #expect(try bench.open().hasRunLive())
    }
}
