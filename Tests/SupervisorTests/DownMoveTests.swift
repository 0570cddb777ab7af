// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import TestSupport
import Testing

@testable import Supervisor

@Suite("What the owner does to branches while the desk is down", .scratchFolder)
struct DownMoveTests {
    private static let agent = "researcher"

    /// Every commit that a branch ever held, with the number of the turn that it is.
    private func turns(_ commits: [String], in bench: Bench) async throws -> [String: Int] {
        var turns: [String: Int] = [:]
        for commit in commits {
            turns[commit] = try await bench.trailers("Turn", of: commit).first.flatMap { Int($0) }
        }
        return turns
    }

    private func line(of reference: String, in bench: Bench) async throws -> [String] {
        try await bench.git.lines("rev-list", "--author=\(Self.agent)", reference, "--")
    }

    @Test(
        "a replay takes in, follows or makes again, and loses no turn",
        arguments: DownMove.allCases
    )
    func replay(move: DownMove) async throws {
        let bench = try await Bench.make()
        try bench.run(through: 4)
        let left = try await bench.head(of: Self.agent)
        let before = try await turns(line(of: left, in: bench), in: bench)
        let theirs = try await move.make(on: Self.agent, in: bench)

        let end = try bench.run(through: 6)

        #expect(end.found.map(\.code) == [move.code])
        let kept = try await Set(bench.git.lines("rev-list", "--all"))
        #expect(kept.contains(left))
        if let theirs { #expect(kept.contains(theirs)) }
        let rescue = end.found.first?.rescue
        #expect((rescue != nil) == move.leavesTurnsBehind)
        if let rescue {
            #expect(try await bench.git.lines("rev-parse", "\(rescue)^1") == [left])
        }
        // No number stands for two turns.
        let after = try await turns(line(of: "agents/\(Self.agent)", in: bench), in: bench)
        for (commit, turn) in after {
            #expect(!before.contains { $0.value == turn && $0.key != commit }, "turn \(turn)")
        }
        #expect(after.count > before.filter { after[$0.key] != nil }.count)
        #expect(try bench.run(through: 6).found == [])
        try await bench.git.run("fsck", "--strict", "--no-dangling")
    }

    @Test("turns of the newest day that were taken off are made again, and saved all the same")
    func takenBack() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 4)
        let left = try await bench.head(of: Self.agent)
        _ = try await DownMove.resetByOne.make(on: Self.agent, in: bench)

        let end = try bench.run(through: 6)

        #expect(end.found.first?.message.contains("the replay runs again from there") == true)
        #expect(try await bench.heads() == Bench.undisturbed(6))
        #expect(try await line(of: "agents/\(Self.agent)", in: bench).contains(left))
    }

    @Test("a turn made again that comes out otherwise is refused, and the old one is named")
    func departed() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 4)
        let left = try await bench.head(of: Self.agent)
        _ = try await DownMove.resetByOne.make(on: Self.agent, in: bench)
        try bench.script(
            Self.agent,
            """
            def after(turn, attempt):
                note(9, "other")
            """
        )

        for _ in 0..<2 {
            let error = #expect(throws: SupervisorError.self) { try bench.run(through: 6) }
            #expect(error?.code == .inconsistent)
            #expect(error?.hint.contains(left) == true)
        }
        try await bench.git.run("update-ref", "refs/heads/agents/\(Self.agent)", left)

        #expect(try bench.run(through: 5).found == [])
        #expect(try await line(of: "agents/\(Self.agent)", in: bench).contains(left))
    }

    @Test("files that are merely older than the branch are not taken for somebody's work")
    func olderFiles() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 4)
        _ = try await DownMove.elsewhere.make(on: Self.agent, in: bench)

        let end = try bench.run(through: 5)

        #expect(end.found.count == 1)
        #expect(end.rescued == [])
    }

    @Test("what is gone altogether begins again from main, with new numbers")
    func gone() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 4)
        let count = try await line(of: "agents/\(Self.agent)", in: bench).count
        try await bench.git.run("update-ref", "-d", "refs/heads/agents/\(Self.agent)")
        for reference in try await bench.rescues() {
            try await bench.git.run("update-ref", "-d", reference)
        }
        try await bench.git.run("reflog", "expire", "--expire=now", "--all")
        try await bench.git.run("-c", "gc.pruneExpire=now", "gc", "--quiet", "--prune=now")
        try await bench.git.run("worktree", "list")

        let end = try bench.run(through: 6)

        #expect(end.found.map(\.code) == [.branchLost])
        let numbers = try await turns(line(of: "agents/\(Self.agent)", in: bench), in: bench)
        #expect((numbers.values.min() ?? 0) == count + 1)
    }

    @Test("starting over forgets where branches were left, and saves what was taken off them")
    func fresh() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 4)
        let left = try await bench.head(of: Self.agent)
        _ = try await DownMove.elsewhere.make(on: Self.agent, in: bench)

        try bench.open().startOver()

        #expect(try bench.open().repository.keptPublication() == nil)
        #expect(try await Set(bench.git.lines("rev-list", "--all")).contains(left))
        let end = try bench.run(through: 4)
        #expect(end.found == [])
        #expect(try await bench.heads() == Bench.undisturbed(4))
    }

    @Test("an agent that was taken out of the desk leaves its branch to the owner")
    func removedAgent() async throws {
        var setting = Bench.Setting()
        let bench = try await Bench.make("a", setting)
        try bench.run(through: 3)
        setting.agents.removeLast()
        try await bench.configure(setting)
        try await bench.git.run("update-ref", "-d", "refs/heads/agents/backtester")

        let end = try bench.run(through: 5)

        #expect(end.found == [])
        #expect(try await !bench.heads().contains { $0.contains("backtester") })
        let marks = try bench.open().repository.keptPublication()?.publisher.branchMarks()
        let names = marks?.keys.map { $0.dropFirst("refs/heads/agents/".count) }.sorted()
        #expect(names == ["ingestor", "researcher"])
    }

    @Test("what is noted of branches survives a kill between their moves and the note")
    func marksOfKilled() async throws {
        let owner = try await OwnerBench.make()
        try owner.takeTurn("kept")
        try owner.publisher.keep(by: owner.desk.maintainer)
        let head = try #require(owner.head)
        // The moves were made, and the journal says nothing of it yet.
        try owner.desk.repository.objects.write(owner.publisher.batch, isDurable: false)
        try await owner.git.run("update-ref", "refs/heads/agents/researcher", "\(head)")
        try await owner.bench.rewind("researcher", by: 2)

        let recovery = try BranchGuard(desk: try owner.bench.open()).recover(at: OwnerBench.time)

        #expect(recovery.reports.map(\.code) == [.branchRewritten])
        let rescue = try #require(recovery.rescued.first)
        #expect(try await owner.git.lines("rev-parse", "\(rescue)^1") == ["\(head)"])
        let turn = owner.branches[owner.agent.name]?.record?.turn
        #expect(recovery.floors[owner.agent.name] == turn)
        // The floor holds as long as the branch does not show it.
        let again = try BranchGuard(desk: try owner.bench.open()).recover(at: OwnerBench.time)
        #expect(again.reports == [])
        #expect(again.floors[owner.agent.name] == turn)
    }
}
