// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing
import TestSupport

@testable import Supervisor

@Suite("A replay", .scratchFolder)
struct ReplayTests {
    @Test("each turn is one commit on its agent's branch, in the order of the days")
    func commits() async throws {
        let bench = try await Bench.make()

        let end = try bench.run(through: 3)

        #expect(end.ledger == ["ledger": "empty"])
        #expect(end.rescued.isEmpty)
        #expect(
            try await bench.subjects(of: "ingestor") == [
                "turn 1 of ingestor read 0", "turn 2 of ingestor read 0",
                "turn 3 of ingestor read 0",
            ]
        )
        #expect(
            try await bench.subjects(of: "backtester") == [
                "turn 1 of backtester read 1", "turn 2 of backtester read 1",
                "turn 3 of backtester read 1",
            ]
        )
        #expect(try await bench.git.lines("rev-list", "--count", "main").first == "1")
    }

    @Test("a commit carries desk time, author and the trailers of its turn")
    func trailers() async throws {
        let bench = try await Bench.make()

        try bench.run(through: 2)

        let commit = "agents/researcher"
        let ingestor = try await bench.head(of: "ingestor")
        let own = try await bench.git.lines("rev-parse", "main:agents/researcher/SKILL.md")[0]
        let shared = try await bench.git.lines("rev-parse", "main:skills/house/SKILL.md")[0]
        #expect(
            try await bench.git.lines("log", "-1", "--format=%an <%ae> %at %ct", commit, "--") == [
                "researcher <researcher@loopdesk.invalid> 952030800 952030800"
            ]
        )
        #expect(try await bench.trailers("Turn", of: commit) == ["2"])
        #expect(try await bench.trailers("Desk-Time", of: commit) == ["2000-03-02T21:00:00Z"])
        #expect(try await bench.trailers("Round", of: commit) == ["2"])
        #expect(try await bench.trailers("Read", of: commit) == ["agents/ingestor \(ingestor)"])
        #expect(
            try await bench.trailers("Skill", of: commit) == [
                "researcher \(own)", "house \(shared)",
            ]
        )
        let market = RecordedMarket()
        try bench.run(through: 2, market: market)
        let data = try #require(market.hash(of: .research))
        #expect(try await bench.trailers("Data", of: commit) == ["\(data)"])
        // The ingestor sees what was said before it speaks again.
        #expect(try await bench.trailers("Data", of: "agents/ingestor").count == 1)
    }

    @Test("an agent's commits change its own folder and nothing else")
    func ownFolder() async throws {
        let bench = try await Bench.make()

        try bench.run(through: 3)

        for (name, _) in Bench.pipeline {
            let changed = try await bench.git.lines(
                "diff",
                "--name-only",
                "main",
                "agents/\(name)",
                "--"
            )
            #expect(!changed.isEmpty)
            #expect(changed.allSatisfy { $0.hasPrefix("agents/\(name)/") })
        }
        #expect(
            try await bench.files(of: "researcher", in: "signals") == [
                "agents/researcher/signals/0000/00/000001-1-proposal.json",
                "agents/researcher/signals/0000/00/000002-1-proposal.json",
                "agents/researcher/signals/0000/00/000003-1-proposal.json",
            ]
        )
        #expect(try await bench.files(of: "researcher", in: "notes").count == 3)
    }

    @Test("git finds the repository sound, every worktree clean, and the branches merge")
    func sound() async throws {
        let bench = try await Bench.make()

        try bench.run(through: 3)

        let check = try await bench.git.run("fsck", "--full", "--strict", "--no-dangling")
        #expect(check.stdout.isEmpty && check.stderr.isEmpty)
        let worktrees = try await bench.git.lines("worktree", "list", "--porcelain")
        for (name, _) in Bench.pipeline {
            #expect(worktrees.contains("branch refs/heads/agents/\(name)"))
            let worktree = GitCommand(in: bench.desk.path(of: "worktrees/\(name)"))
            #expect(try await worktree.lines("status", "--porcelain").isEmpty)
        }
        #expect(try await bench.git.lines("status", "--porcelain").isEmpty)
        let branches = Bench.pipeline.map { "agents/\($0.name)" }
        try await bench.git.run(["merge", "--quiet", "-m", "all"] + branches)
        #expect(try await bench.git.lines("status", "--porcelain").isEmpty)
    }

    @Test("a worktree shows the agent's own files and skills, and nobody else's")
    func sparse() async throws {
        let bench = try await Bench.make()

        try bench.run(through: 1)

        let worktree = bench.desk.folder("worktrees/researcher")
        #expect(try worktree.folder("agents").names() == ["researcher"])
        #expect(try worktree.folder("agents/researcher").names() == ["SKILL.md", "STATE.md"])
        #expect(worktree.contains("skills/house/SKILL.md"))
        #expect(!worktree.contains("orchestrator.yml"))
    }

    @Test("the same desk in another folder ends on the same commits")
    func twice() async throws {
        let one = try await Bench.make("one")
        let other = try await Bench.make("a-much-longer-name")

        try one.run(through: 4)
        try other.run(through: 4)

        #expect(try await one.heads() == other.heads())
        #expect(try await one.heads().count == 4)
    }

    @Test("flushing every round gives the same commits")
    func durable() async throws {
        let bench = try await Bench.make()

        try bench.run(through: 3, isDurable: true)

        #expect(try await bench.heads() == Bench.undisturbed(3))
    }

    @Test("a desk at its end has nothing more to do")
    func idle() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        let before = try await bench.heads()

        var days: [Int] = []
        try bench.run(through: 2) { days.append($0) }

        #expect(try await bench.heads() == before)
        #expect(days == [2])
    }

    @Test("an agent with a cron expression runs at the first bar at or after each of its times")
    func cron() async throws {
        var setting = Bench.Setting()
        setting.agents += [("planner", "role: researcher, cron: ['0 12 2,3 * *', '0 22 4 * *']")]
        let bench = try await Bench.make("a", setting)

        try bench.run(through: 3)
        try bench.run(through: 6)

        let days = try await bench.git.lines(
            "log",
            "--reverse",
            "--format=%(trailers:key=Desk-Time,valueonly,separator=)",
            "main..agents/planner"
        )
        #expect(
            days.filter { !$0.isEmpty } == [
                "2000-03-02T21:00:00Z", "2000-03-03T21:00:00Z", "2000-03-05T21:00:00Z",
            ]
        )
        #expect(try await bench.heads() == Bench.undisturbed(6, setting))
    }

    @Test("the inbox of a turn is the mail of the rounds before, oldest first")
    func inbox() async throws {
        var setting = Bench.Setting()
        setting.agents += [("other", "role: researcher, on: [bars]")]
        setting.agents[2].text = "role: backtester, on: [proposal]"
        let bench = try await Bench.make("a", setting)

        try bench.run(through: 1)

        let said = try await bench.show(
            "agents/backtester:agents/backtester/signals/0000/00/000001-1-report.json"
        )
        let state = try await bench.show("agents/backtester:agents/backtester/STATE.md")
        #expect(said.contains("proposal-"))
        #expect(state.components(separatedBy: "proposal-").count == 3)
        let researcher = try await bench.head(of: "researcher")
        let other = try await bench.head(of: "other")
        #expect(
            try await bench.trailers("Read", of: "agents/backtester") == [
                "agents/other \(other)", "agents/researcher \(researcher)",
            ]
        )
    }
}

extension String {
    fileprivate func components(separatedBy mark: String) -> [Substring] {
        self.split(separator: mark, omittingEmptySubsequences: false)
    }
}
