// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Foundation
import TestSupport
import Testing

@testable import Supervisor

@Suite("The owner beside a live desk", .scratchFolder, .timeLimit(.minutes(2)))
struct LiveOwnerTests {
    private static let agents: [(name: String, text: String)] = [
        ("ingestor", "role: ingestor, every: bar"),
        ("researcher", "role: researcher, on: [bars], skills: [house]"),
    ]

    private func turns(of agent: String, in bench: Bench) async throws -> Int {
        let branch = "refs/heads/agents/\(agent)"
        guard !(try await bench.git.lines("for-each-ref", branch)).isEmpty else { return 0 }
        return try await bench.git.lines(
            "log",
            "--author=\(agent)",
            "--format=%H",
            "main..\(branch)",
            "--"
        ).count
    }

    private func expect(_ count: Int, of agent: String, in bench: Bench) async throws {
        #expect(
            try await eventually(within: .seconds(20)) {
                try await turns(of: agent, in: bench) >= count
            },
            "\(agent) has had fewer than \(count) turns"
        )
    }

    @Test("worktrees deleted under agents, again and again, count against nobody")
    func deleted() async throws {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        let live = try LiveBench(bench)

        for (index, day) in Bench.days.enumerated() {
            live.feed.add(day)
            try await expect(index + 1, of: "researcher", in: bench)
            for agent in ["researcher", "ingestor"] {
                // It may have been made again already.
                try? FileManager.default.removeItem(
                    atPath: bench.desk.path(of: "worktrees/\(agent)")
                )
            }
        }
        let end = try await live.stop()

        #expect(end == .stopped)
        #expect(try await turns(of: "researcher", in: bench) == Bench.days.count)
        #expect(bench.desk.contains("worktrees/researcher/.git"))
        #expect(bench.desk.contains("worktrees/ingestor/.git"))
    }

    @Test("commits on a branch and edits in its worktree at the same time are both taken in")
    func both() async throws {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        let live = try LiveBench(bench)
        var theirs: [String] = []

        for (index, day) in Bench.days.enumerated() {
            live.feed.add(day)
            try await expect(index + 1, of: "researcher", in: bench)
            let branch = "refs/heads/agents/researcher"
            let commit = try await bench.git.lines(
                "commit-tree",
                "-m",
                "mine \(index)",
                "-p",
                branch,
                "\(branch)^{tree}"
            )[0]
            theirs.append(commit)
            try await bench.git.run("update-ref", branch, commit)
            try bench.write("desk/worktrees/researcher", "mine-\(index).md", "mine\n")
        }
        let end = try await live.stop()

        #expect(end == .stopped)
        let kept = try await Set(bench.git.lines("rev-list", "--all"))
        #expect(theirs.allSatisfy(kept.contains))
    }

    @Test("git finds the worktree of an agent that rests clean, also after its branch was renamed")
    func clean() async throws {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        let live = try LiveBench(bench)
        let worktree = GitCommand(in: bench.desk.path(of: "worktrees/researcher"))
        var isClean: [Bool] = []

        for (index, day) in Bench.days.prefix(2).enumerated() {
            live.feed.add(day)
            try await expect(index + 1, of: "researcher", in: bench)
            isClean.append(
                try await eventually(within: .seconds(20)) {
                    // The first, unlike the last, leaves the index alone, which the desk notices.
                    let staged = try await worktree.lines("diff-index", "--cached", "HEAD")
                    guard staged.isEmpty else { return false }
                    let head = try await worktree.lines("symbolic-ref", "HEAD")
                    let isOwn = head == ["refs/heads/agents/researcher"]
                    return try await worktree.lines("status", "--porcelain").isEmpty && isOwn
                }
            )
            if index == 0 {
                try await bench.git.run("branch", "-m", "agents/researcher", "renamed")
            }
        }
        _ = try await live.stop()

        #expect(isClean == [true, true])
    }

    @Test("a turn that waited is told behind what the others have done since")
    func later() async throws {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        let desk = try OpenDesk.open(at: bench.desk.path)
        let plan = TurnPlan(
            agent: try #require(desk.configuration.agents.last),
            turn: 1,
            time: Bench.days[1],
            round: 2,
            triggers: [],
            inbox: [],
            frontiers: [],
            data: nil,
            newSkills: []
        )

        let earlier = plan.notBefore((Bench.days[0], 9))
        let same = plan.notBefore((Bench.days[1], 2))
        let behind = plan.notBefore((Bench.days[2], 4))

        #expect(earlier.time == Bench.days[1] && earlier.round == 2)
        #expect(same.time == Bench.days[1] && same.round == 2)
        #expect(behind.time == Bench.days[2] && behind.round == 5)
        #expect(plan.notBefore(nil).round == 2)
    }
}
