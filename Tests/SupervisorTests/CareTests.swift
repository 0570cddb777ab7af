// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing
import TestSupport

@testable import Supervisor

@Suite("What people do beside the desk", .scratchFolder)
struct CareTests {
    @Test("a worktree folder that somebody removed is made again")
    func removedWorktree() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        try bench.desk.folder("worktrees/researcher").removeAll()

        let end = try bench.run(through: 4)

        #expect(end.rescued.isEmpty)
        #expect(bench.desk.contains("worktrees/researcher/agents/researcher/STATE.md"))
        #expect(try await bench.heads() == Bench.undisturbed(4))
    }

    @Test("a person's edits in a worktree are saved before the next turn")
    func edits() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        try bench.write("desk/worktrees/researcher/agents/researcher", "STATE.md", "my state\n")
        try bench.write("desk/worktrees/researcher", "thoughts.txt", "my thoughts\n")

        let log = EventLog()
        let end = try bench.run(through: 4, log: log)

        let reference = try #require(end.rescued.first)
        #expect(end.rescued.count == 1)
        #expect(reference.hasPrefix("refs/rescue/researcher/"))
        #expect(
            try await bench.show("\(reference):agents/researcher/STATE.md") == "my state\n"
        )
        #expect(try await bench.show("\(reference):thoughts.txt") == "my thoughts\n")
        #expect(try await bench.rescues() == [reference])
        #expect(try await bench.heads() == Bench.undisturbed(4))
    }

    @Test("edits are kept when the desk cannot start", arguments: [1, 2])
    func editsKept(number: Int) async throws {
        let bench = try await Bench.make()
        try bench.run(through: 1)
        let name = number == 1 ? "researcher" : "ingestor"
        try bench.write("desk/worktrees/\(name)/agents/\(name)", "STATE.md", "my edit")
        // The backtester comes first, and its worktree stands in the way.
        let other = GitCommand(in: bench.desk.path(of: "worktrees/backtester"))
        try await other.run("checkout", "--quiet", "-b", "idea")

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 2) }

        #expect(error?.code == .notReady)
        #expect(error?.message == "the worktree of backtester has idea checked out")
        #expect(error?.hint.hasSuffix("checkout agents/backtester") == true)
        let folder = bench.desk.folder("worktrees/\(name)/agents/\(name)")
        #expect(try folder.read("STATE.md") == Array("my edit".utf8))
        try await other.run("checkout", "--quiet", "agents/backtester")
        try bench.run(through: 2)
        #expect(try await bench.rescues().count == 1)
    }

    @Test("a copy of a desk leaves the worktrees of the original alone")
    func copied() async throws {
        let bench = try await Bench.make("original")
        try bench.run(through: 1)
        let before = try await bench.heads()
        let copy = Bench(root: Folder("\(try ScratchFolder.path)/copy"))
        let copied = try await runCommand("/bin/cp", ["-a", bench.root.path, copy.root.path])
        try #require(copied.isSuccess)
        try bench.write("desk/worktrees/researcher/agents/researcher", "STATE.md", "my edit")

        try copy.run(through: 3)
        #expect(try await copy.heads() == Bench.undisturbed(3))
        try copy.open().startOver()

        let folder = bench.desk.folder("worktrees/researcher/agents/researcher")
        #expect(try folder.read("STATE.md") == Array("my edit".utf8))
        #expect(try await bench.heads() == before)
    }

    @Test("a desk is the same through a link to its folder")
    func linked() async throws {
        let bench = try await Bench.make("original")
        try bench.run(through: 1)
        let link = Bench(root: Folder("\(try ScratchFolder.path)/link"))
        let made = try await runCommand("/bin/ln", ["-s", bench.root.path, link.root.path])
        try #require(made.isSuccess)

        try link.run(through: 3)

        #expect(try await bench.heads() == Bench.undisturbed(3))
    }

    @Test("a branch that somebody moves while the desk runs is left alone")
    func movedMeanwhile() async throws {
        let bench = try await Bench.make()
        let moved = try await bench.git.lines(
            "commit-tree",
            "-p",
            "main",
            "-m",
            "mine",
            "main^{tree}"
        )[0]
        let folder = bench.desk.folder(".git/refs/heads/agents")
        try bench.run(through: 1)
        // Whatever a slow computer has published by then.
        var (own, ingestor): ([UInt8], [UInt8]) = ([], [])

        let error = #expect(throws: SupervisorError.self) {
            try bench.run(through: 4) { day in
                guard day == 2 else { return }
                do {
                    (own, ingestor) = (try folder.read("backtester"), try folder.read("ingestor"))
                    try folder.replace("backtester", with: Array("\(moved)\n".utf8))
                } catch { Issue.record("\(folder.path): \(error)") }
            }
        }

        #expect(error?.code == .changedMeanwhile)
        #expect(error?.message.contains("refs/heads/agents/backtester") == true)
        #expect(error?.message.contains(moved) == true)
        #expect(try await bench.head(of: "backtester") == moved)
        #expect(try folder.read("ingestor") == ingestor)

        try folder.replace("backtester", with: own)
        try bench.run(through: 4)

        #expect(try await bench.heads() == Bench.undisturbed(4))
    }

    @Test("a person's commit on an agent's branch is taken in and stays")
    func personsCommit() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        let worktree = GitCommand(in: bench.desk.path(of: "worktrees/backtester"))
        try await worktree.run("commit", "--quiet", "--allow-empty", "-m", "mine")
        let mine = try await bench.head(of: "backtester")

        let end = try bench.run(through: 4)

        #expect(end.found.map(\.code) == [.branchAdvanced])
        let line = try await bench.git.lines("rev-list", "refs/heads/agents/backtester")
        #expect(line.contains(mine))
        #expect(try await bench.subjects(of: "ingestor").count == 4)
        #expect(try await bench.trailers("Turn", of: "agents/backtester") == ["4"])
        #expect(try bench.run(through: 4).found == [])
    }

    @Test("locks that a killed desk left behind are swept")
    func staleLocks() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 1)
        try bench.write("desk/.git/refs/heads/agents", "researcher.lock", "")
        // The mark of the desk's own locks.
        let lock = bench.desk.path(of: ".git/refs/heads/agents/researcher.lock")
        #expect(chmod(lock, 0o1644) == 0)

        try bench.run(through: 2)

        #expect(try await bench.heads() == Bench.undisturbed(2))
    }

    @Test("starting over keeps the old heads and gives the same commits again")
    func startOver() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 3)
        let before = try await bench.heads()
        try bench.write("desk/worktrees/researcher", "thoughts.txt", "mine\n")
        try bench.write("desk/.loopdesk", "ledger.sqlite", "a ledger")
        try bench.write("desk/.loopdesk/market/full", "history.csv", "bars")

        let rescued = try bench.open().startOver()

        #expect(try await bench.rescues() == rescued)
        #expect(rescued.count == 4)
        let kept = try await bench.git.lines(
            "for-each-ref",
            "--format=%(objectname)",
            "refs/rescue/"
        )
        for line in before where !line.hasPrefix("refs/heads/main") {
            #expect(kept.contains(String(line.split(separator: " ")[1])))
        }
        let mine = try #require(rescued.first { $0.count > "refs/rescue/researcher/".count + 12 })
        #expect(try await bench.show("\(mine):thoughts.txt") == "mine\n")
        #expect(try await bench.heads().count == 1)
        #expect(!bench.desk.contains("worktrees/researcher"))
        #expect(!bench.desk.contains(".loopdesk/ledger.sqlite"))
        #expect(!bench.desk.contains(".loopdesk/market"))
        try bench.run(through: 3)
        #expect(try await bench.heads() == before)
    }

    @Test("starting over twice, and before the first start, does no harm")
    func startOverAgain() async throws {
        let bench = try await Bench.make()
        #expect(try bench.open().startOver() == [])
        try bench.run(through: 1)
        let first = try bench.open().startOver()
        #expect(try bench.open().startOver() == [])

        try bench.run(through: 1)
        let second = try bench.open().startOver()

        #expect(first.count == 3)
        #expect(first == second)
        #expect(try await bench.rescues() == first)
    }
}
