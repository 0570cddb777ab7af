// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Foundation
import Git
import Testing
import TestSupport

@testable import Supervisor

@Suite("What the owner does to worktrees of agents", .scratchFolder)
struct OwnerWorktreeTests {
    private static let state = "agents/researcher/STATE.md"

    private func check(_ owner: OwnerBench, _ guarding: inout WorktreeGuard) throws
        -> [OwnerReport]
    {
        try guarding.check(owner.agent) { _ = try owner.publish() }.reports
    }

    /// Checks that the worktree shows the branch, with nothing left over.
    private func expectRight(_ owner: OwnerBench) async throws {
        #expect(try await owner.worktree.lines("status", "--porcelain") == [])
        let branch = try await owner.worktree.lines("symbolic-ref", "HEAD")
        #expect(branch == ["refs/heads/agents/researcher"])
        let shown = try owner.bench.desk.read("worktrees/researcher/\(Self.state)")
        let kept = try await owner.bench.show("agents/researcher:\(Self.state)")
        #expect(String(decoding: shown, as: UTF8.self) == kept)
        #expect(try await owner.areReachable([]))
    }

    @Test("a worktree where nobody was costs a look and no more")
    func untouched() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        var published = 0

        let found = try guarding.check(owner.agent) { published += 1 }

        #expect(found.reports == [] && !found.mustWait)
        #expect(published == 0)
    }

    @Test("asking git for the status leaves what the agent keeps for itself; an edit does not")
    func status() async throws {
        let owner = try await OwnerBench.make()
        let work = owner.bench.desk.folder("worktrees/researcher/work")
        try work.create()
        try work.replace("kept", with: Array("scratch".utf8))
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        // A new date of a file makes git write the index anew.
        let state = "worktrees/researcher/\(Self.state)"
        try owner.bench.desk.replace(state, with: try owner.bench.desk.read(state))
        _ = try await owner.worktree.lines("status", "--porcelain")
        #expect(guarding.mustLook(owner.agent))

        let looked = try check(owner, &guarding)
        let kept = work.contains("kept")
        try owner.bench.desk.replace(state, with: Array("mine".utf8))
        let edited = try check(owner, &guarding)

        #expect(looked == [])
        #expect(kept)
        #expect(edited.map(\.code) == [.worktreeEdited])
        #expect(!work.contains("kept"))
        try await expectRight(owner)
    }

    @Test("an empty memory, which waits for a first turn, is nothing that somebody has made")
    func emptyMemory() async throws {
        let owner = try await OwnerBench.make()
        try await owner.git.run(
            "worktree",
            "add",
            "--quiet",
            "--detach",
            "../x",
            owner.agent.name.branch
        )
        let other = GitCommand(in: owner.bench.root.path(of: "x"))
        try await other.run("rm", "--quiet", Self.state)
        try await other.run("commit", "--quiet", "-m", "no memory")
        let head = try await other.lines("rev-parse", "HEAD")[0]
        try await owner.git.run("update-ref", owner.agent.name.reference, head)
        var guarding = WorktreeGuard(desk: owner.desk)
        _ = try check(owner, &guarding)
        try owner.bench.desk.replace("worktrees/researcher/\(Self.state)", with: [])

        #expect(guarding.mustLook(owner.agent))
        #expect(try check(owner, &guarding) == [])
    }

    @Test("places that are made for a sandbox are there before the look, and made no more after it")
    func home() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        try owner.bench.desk.folder("worktrees/researcher/outbox").removeAll()
        #expect(try AgentHome.complete(owner.agent.name, in: owner.desk.folder))
        guarding.remember(owner.agent)

        // As each probe and each start does.
        #expect(try !AgentHome.complete(owner.agent.name, in: owner.desk.folder))

        #expect(!guarding.mustLook(owner.agent))
    }

    @Test(
        "edits, staged files and half a merge are saved, and the worktree is put back",
        arguments: ["edit", "stage", "new", "merge"]
    )
    func edits(how: String) async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        let folder = owner.bench.desk.folder("worktrees/researcher")
        let file = how == "new" ? "agents/researcher/mine.txt" : Self.state
        try folder.replace(file, with: Array("mine\n".utf8))
        if how == "stage" { try await owner.worktree.run("add", file) }
        if how == "merge" {
            try owner.bench.desk.folder(".git/worktrees/researcher")
                .replace("MERGE_HEAD", with: Array("\(try #require(owner.head))\n".utf8))
        }

        let reports = try check(owner, &guarding)

        #expect(reports.map(\.code) == [how == "merge" ? .worktreeBusy : .worktreeEdited])
        let rescue = try #require(reports[0].rescue)
        #expect(try await owner.bench.show("\(rescue):\(file)") == "mine\n")
        if how != "new" { try await expectRight(owner) }
        #expect(try owner.desk.repository.rescues()[0].reason.contains("somebody"))
        #expect(try check(owner, &guarding) == [])
    }

    @Test(
        "a worktree that was deleted, forgotten or moved is made again, and its edits are kept",
        arguments: [
            ("delete", OwnerReport.Code.worktreeMissing), ("remove", .worktreeForgotten),
            ("forget", .worktreeForgotten), ("move", .worktreeMoved),
        ]
    )
    func gone(how: String, code: OwnerReport.Code) async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        let path = owner.bench.desk.path(of: "worktrees/researcher")
        let folder = owner.bench.desk.folder("worktrees/researcher")
        switch how {
        case "delete": try folder.removeAll()
        case "remove": try await owner.git.run("worktree", "remove", "--force", path)
        case "forget":
            try folder.replace(Self.state, with: Array("mine\n".utf8))
            try owner.bench.desk.folder(".git/worktrees/researcher").removeAll()
        default:
            try folder.replace(Self.state, with: Array("mine\n".utf8))
            try await owner.git.run("worktree", "move", path, path + "-elsewhere")
        }

        let reports = try check(owner, &guarding)

        #expect(reports.first?.code == code)
        if how == "forget" || how == "move" {
            let rescue = try #require(reports.compactMap(\.rescue).first)
            #expect(try await owner.bench.show("\(rescue):\(Self.state)") == "mine\n")
        }
        try await expectRight(owner)
        #expect(try check(owner, &guarding) == [])
    }

    @Test("another branch or commit in the worktree is left, with its edits and commits saved")
    func switched() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        try await owner.worktree.run("checkout", "--quiet", "-b", "idea")
        try owner.bench.write("desk/worktrees/researcher", Self.state, "mine\n")

        let first = try check(owner, &guarding)
        try await expectRight(owner)
        try await owner.worktree.run("checkout", "--quiet", "--detach")
        try await owner.worktree.run("commit", "--quiet", "--allow-empty", "-m", "loose")
        let loose = try await owner.worktree.lines("rev-parse", "HEAD")[0]
        let second = try check(owner, &guarding)

        #expect(first.map(\.code) == [.worktreeSwitched])
        let rescue = try #require(first[0].rescue)
        #expect(try await owner.bench.show("\(rescue):\(Self.state)") == "mine\n")
        #expect(second.map(\.code) == [.worktreeSwitched])
        #expect(try await owner.areReachable([loose]))
        try await expectRight(owner)
    }

    @Test("a worktree that was taken away before it was remembered is made again")
    func rememberedTooLate() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        try FileManager.default.removeItem(
            atPath: owner.desk.folder.worktree(owner.agent.name).path
        )
        guarding.remember(owner.agent)

        let reports = try check(owner, &guarding)

        #expect(reports.map(\.code) == [.worktreeMissing])
        try await expectRight(owner)
    }

    @Test("commits without a branch are saved also when the worktree is gone")
    func loose() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        try await owner.worktree.run("checkout", "--quiet", "--detach")
        try await owner.worktree.run("commit", "--quiet", "--allow-empty", "-m", "loose")
        let loose = try await owner.worktree.lines("rev-parse", "HEAD")[0]
        try FileManager.default.removeItem(
            atPath: owner.desk.folder.worktree(owner.agent.name).path
        )

        let reports = try check(owner, &guarding)

        #expect(reports.map(\.code) == [.worktreeMissing])
        #expect(reports.first?.rescue != nil)
        #expect(try await owner.areReachable([loose]))
        try await expectRight(owner)
    }

    @Test("the lock of a process at work is waited for, reported once and never removed")
    func locked() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        let record = owner.bench.desk.folder(".git/worktrees/researcher")
        try record.replace("index.lock", with: [])

        let first = try guarding.check(owner.agent) {}
        let second = try guarding.check(owner.agent) {}
        #expect(record.contains("index.lock"))
        try record.removeFile("index.lock")
        let third = try guarding.check(owner.agent) {}

        #expect(first.mustWait && first.reports.map(\.code) == [.worktreeLocked])
        #expect(second.mustWait && second.reports == [])
        #expect(!third.mustWait && third.reports == [])
        try await expectRight(owner)
    }

    @Test(
        "files that somebody committed are shown; edits made besides are saved",
        arguments: [0, 1]
    )
    func shown(edits: Int) async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        _ = try await owner.commitOnBranch(Self.state, "their state\n")
        if edits > 0 { try owner.bench.write("desk/worktrees/researcher", Self.state, "edit\n") }
        owner.publisher.add(
            RefUpdate(
                reference: owner.agent.name.reference,
                to: try #require(owner.head),
                expecting: owner.head
            )
        )
        let found = try owner.publish()

        let reports = try guarding.show(owner.agent)

        #expect(found.map(\.code.changesFiles) == [true])
        #expect(reports.map(\.code) == Array(repeating: .worktreeEdited, count: edits))
        let shown = try owner.bench.desk.read("worktrees/researcher/\(Self.state)")
        #expect(String(decoding: shown, as: UTF8.self) == "their state\n")
        if let rescue = reports.first?.rescue {
            #expect(try await owner.bench.show("\(rescue):\(Self.state)") == "edit\n")
        }
        try await expectRight(owner)
    }

    @Test("turns that wait are published before a worktree is compared with its branch")
    func waitingTurns() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        guarding.remember(owner.agent)
        try owner.takeTurn("waits")
        try owner.bench.write("desk/worktrees/researcher", Self.state, "state waits\n")

        let reports = try check(owner, &guarding)

        #expect(reports == [])
        #expect(try await owner.bench.head(of: "researcher") == owner.head?.description)
        try await expectRight(owner)
    }

    @Test("a repository that somebody put into the worktree keeps its commits, under another name")
    func ownRepository() async throws {
        let owner = try await OwnerBench.make()
        let folder = owner.bench.desk.folder("worktrees/researcher")
        try folder.removeFile(".git")
        try await owner.worktree.run("init", "--quiet")
        try await owner.worktree.run("commit", "--quiet", "--allow-empty", "-m", "precious")
        let commit = try await owner.worktree.lines("rev-parse", "HEAD")
        var guarding = WorktreeGuard(desk: owner.desk)

        _ = try check(owner, &guarding)

        let branch = try await owner.worktree.lines("symbolic-ref", "HEAD")
        #expect(branch == ["refs/heads/agents/researcher"])
        let kept = folder.folder("git.defused").path
        #expect(try await owner.git.lines("--git-dir=\(kept)", "rev-parse", "HEAD") == commit)
    }

    @Test("a link or a file in place of the worktree is set aside and never followed")
    func link() async throws {
        let owner = try await OwnerBench.make()
        let places = owner.bench.desk.folder("worktrees")
        let theirs = owner.bench.root.folder("theirs")
        try theirs.folder("inbox").create()
        try theirs.replace("inbox/mine", with: Array("mine\n".utf8))
        var guarding = WorktreeGuard(desk: owner.desk)
        let manager = FileManager.default

        try manager.removeItem(atPath: places.path(of: "researcher"))
        try manager.createSymbolicLink(
            atPath: places.path(of: "researcher"),
            withDestinationPath: theirs.path
        )
        let linked = try check(owner, &guarding)
        try await expectRight(owner)
        try manager.removeItem(atPath: places.path(of: "researcher"))
        try places.replace("researcher", with: Array("a file\n".utf8))
        let filed = try check(owner, &guarding)
        try await expectRight(owner)

        #expect(linked.first?.code == .worktreeMissing && filed.first?.code == .worktreeMissing)
        #expect(linked.first?.message.contains("worktrees/researcher.found") == true)
        #expect(filed.first?.message.contains("worktrees/researcher.found-2") == true)
        #expect(try theirs.names() == ["inbox"])
        #expect(try theirs.read("inbox/mine") == Array("mine\n".utf8))
        #expect(try places.read("researcher.found-2") == Array("a file\n".utf8))
    }

    @Test("a file that git does not know stays where it is and is saved once for each content")
    func unknownFile() async throws {
        let owner = try await OwnerBench.make()
        let folder = owner.bench.desk.folder("worktrees/researcher")
        var guarding = WorktreeGuard(desk: owner.desk)
        var found: [[OwnerReport]] = []

        for text in ["one", "one", "two"] {
            try folder.replace("mine.md", with: Array(text.utf8))
            guarding.forget(owner.agent)
            found.append(try check(owner, &guarding))
        }

        #expect(found.map { $0.map(\.code) } == [[.worktreeEdited], [], [.worktreeEdited]])
        #expect(try folder.read("mine.md") == Array("two".utf8))
        #expect(try owner.desk.repository.worktreeChanges("researcher") == [])
    }

    @Test("a commit out of an index older than the branch takes nothing of the agent's back")
    func staleIndex() async throws {
        let owner = try await OwnerBench.make()
        try owner.takeTurn("newer")
        _ = try owner.publish()
        try owner.bench.desk.replace("worktrees/researcher/mine.md", with: Array("mine\n".utf8))
        try await owner.worktree.run("add", "mine.md")
        try await owner.worktree.run("commit", "--quiet", "-m", "adds a file")

        let reports = try BranchGuard(desk: owner.desk)
            .settle(owner.publisher, branches: &owner.branches, at: OwnerBench.time)
        _ = try owner.publish()

        #expect(reports.map(\.code) == [.branchAdvanced])
        #expect(reports.first?.message.contains("one file that was merely older") == true)
        #expect(try await owner.bench.show("agents/researcher:\(Self.state)") == "state newer\n")
        #expect(try await owner.bench.show("agents/researcher:mine.md") == "mine\n")
    }

    @Test("an index that is written anew shows what the branch has since")
    func refreshed() async throws {
        let owner = try await OwnerBench.make()
        var guarding = WorktreeGuard(desk: owner.desk)
        try owner.takeTurn("newer")
        _ = try owner.publish()
        try owner.bench.desk.replace(
            "worktrees/researcher/\(Self.state)",
            with: Array("state newer\n".utf8)
        )
        guarding.remember(owner.agent)
        let before = try await owner.worktree.lines("status", "--porcelain")
        guarding.remember(owner.agent)

        let reports = try guarding.refresh(owner.agent)

        #expect(!before.isEmpty)
        #expect(reports == [] && !guarding.mustLook(owner.agent))
        try await expectRight(owner)
    }
}
