// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("A desk with a bad repository", .scratchFolder)
struct BadRepositoryTests {
    @Test(
        "a folder that is no repository is refused by every command",
        arguments: [
            ["replay"], ["status"], ["log"], ["explain", "o-1"], ["doctor"],
        ]
    )
    func noRepository(words: [String]) async throws {
        let folder = Folder("\(try ScratchFolder.path)/plain")
        try folder.create()

        let result = try await TestDesk.run(words + ["--desk", folder.path])

        #expect(result.status == (words == ["doctor"] ? 1 : 66))
        #expect((result.stdout + result.stderr).contains("run loopdesk init"))
        #expect(try folder.names().isEmpty)
    }

    @Test("a folder that is not there is refused with the way to make a desk")
    func noFolder() async throws {
        let path = "\(try ScratchFolder.path)/none"

        let result = try await TestDesk.run(["status", "--desk", path])

        expectComplaint(result, status: 66, "no such folder: \(path)", "loopdesk init \(path)")
    }

    @Test("changes that are not committed stop the replay and stay")
    func dirty() async throws {
        let desk = try await TestDesk.make()
        let before = try await desk.references()
        try desk.edit("agents/verifier/SKILL.md") { $0 + "\nA remark.\n" }

        let replay = try await desk.run("replay")
        let doctor = try await desk.run("doctor")

        expectComplaint(replay, status: 65, "agents/verifier/SKILL.md", "commit them", "git stash")
        #expect(doctor.status == 1)
        #expect(try await desk.references() == before)
        #expect(
            try await desk.git.lines("status", "--porcelain") == [" M agents/verifier/SKILL.md"]
        )
    }

    @Test("a desk without main says how to make it")
    func noMain() async throws {
        let desk = try await TestDesk.make()
        try await desk.git.run("branch", "--move", "main", "other")
        let before = try await desk.references()

        let replay = try await desk.run("replay")
        let doctor = try await desk.run("doctor")

        expectComplaint(replay, status: 65, "no branch main", "git branch main")
        #expect(doctor.status == 1)
        #expect(try await desk.references() == before)
    }

    @Test("a worktree deleted by hand is made again, with the same commits")
    func noWorktree() async throws {
        let desk = try await TestDesk.make("desk")
        let whole = try await TestDesk.make("whole")
        _ = try await desk.run("replay", "--through", "2000-03-10")
        try desk.folder.folder("worktrees/researcher").removeAll()

        let doctor = try await desk.run("doctor")
        let heads = try await desk.replayedHeads()

        #expect(doctor.isSuccess)
        #expect(
            doctor.stdout.contains(
                "LD012 worktree-missing: researcher: the worktree's folder is gone"
            )
        )
        #expect(try await whole.replayedHeads() == heads)
        #expect(desk.folder.contains("worktrees/researcher/agents/researcher/STATE.md"))
    }

    @Test("an agent branch deleted by hand is made again where the desk had left it")
    func noAgentBranch() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-10")
        let before = try await desk.references()
        try await desk.git.run("update-ref", "-d", "refs/heads/agents/risk")

        let doctor = try await desk.run("doctor")
        let replay = try await desk.run("replay", "--through", "2000-03-10")
        let after = try await desk.references()

        #expect(doctor.status == 1)
        #expect(replay.isSuccess)
        let heads = { (lines: [String]) in lines.filter { $0.hasPrefix("refs/heads/") } }
        #expect(heads(after) == heads(before))
    }
}
