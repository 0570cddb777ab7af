// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc
import Processes
import Testing
import TestSupport

@testable import Supervisor

@Suite("An examination of a desk", .scratchFolder)
struct ExaminationDeskTests {
    @Test("a desk that ran well has nothing to find and nothing to repair")
    func good() async throws {
        let scene = try await ExaminationBench.make()

        let report = scene.report()

        #expect(report.findings == [])
        #expect(report.passed.contains { $0.check == "agents" })
        #expect(try scene.fix() == RepairReport())
    }

    @Test("a new desk has no branches, and git's clean-up is still on until it is repaired")
    func new() async throws {
        let scene = ExaminationBench(bench: try await Bench.make())

        let before = scene.codes()
        let repair = try scene.fix()

        #expect(before == [.settingsMissing, .branchMissing, .branchMissing, .branchMissing])
        #expect(repair.done == Repository.deskSettings.map { "set \($0.key)" })
        #expect(scene.codes() == [.branchMissing, .branchMissing, .branchMissing])
    }

    @Test("a folder without a repository and a desk without a configuration are errors")
    func unusable() async throws {
        let plain = Folder(try ScratchFolder.path).folder("plain")
        try plain.create()
        let scene = try await ExaminationBench.make()
        try scene.bench.write("desk", "orchestrator.yml", "version: 1\n")

        let nothing = Examination(of: plain.path, facts: { ExaminationBench.goodFacts }).run()
        let broken = scene.report()

        #expect(nothing.findings.map(\.code) == [.repositoryUnusable])
        #expect(broken.findings.map(\.code) == [.configurationInvalid])
        #expect(!broken.isGood && !nothing.isGood)
        #expect(try plain.names() == [])
    }

    @Test("what is not committed on main is an error")
    func dirty() async throws {
        let scene = try await ExaminationBench.make()
        try scene.bench.write("desk/skills/house", "SKILL.md", Bench.skill("house", more: "More."))

        let report = scene.report()

        #expect(report.findings.map(\.code) == [.mainNotReady])
        #expect(report.findings[0].message.contains("skills/house/SKILL.md"))
    }

    @Test(
        "what somebody did to a worktree is found, and a repair puts it right",
        arguments: [
            ("delete", FindingCode.worktreeMissing), ("remove", .worktreeForgotten),
            ("move", .worktreeMoved), ("switch", .worktreeSwitched), ("merge", .worktreeBusy),
            ("edit", .worktreeEdited),
        ]
    )
    func worktree(how: String, code: FindingCode) async throws {
        let scene = try await ExaminationBench.make()
        let path = scene.bench.desk.path(of: "worktrees/researcher")
        let worktree = GitCommand(in: path)
        switch how {
        case "delete": try scene.bench.desk.folder("worktrees/researcher").removeAll()
        case "remove": try await scene.bench.git.run("worktree", "remove", "--force", path)
        case "move": try await scene.bench.git.run("worktree", "move", path, path + "-elsewhere")
        case "switch": try await worktree.run("checkout", "--quiet", "-b", "idea")
        case "merge": try scene.lock("worktrees/researcher/MERGE_HEAD", "\n", isOurs: false)
        default:
            try scene.write("STATE.md", "mine\n", below: "worktrees/researcher/agents/researcher")
        }

        let before = scene.report().findings.filter { $0.place == "researcher" }
        let repair = try scene.fix()
        let after = scene.codes()

        #expect(before.map(\.code) == [code])
        #expect(!repair.done.isEmpty && repair.undone.isEmpty, "\(repair)")
        #expect(after.filter { $0 != .rescueKept } == [])
        #expect(after.contains(.rescueKept) == (how == "edit"))
        #expect(try await worktree.lines("status", "--porcelain") == [])
    }

    @Test("a branch that is gone is an error, and a repair makes it again where it was")
    func lost() async throws {
        let scene = try await ExaminationBench.make()
        let head = try await scene.bench.head(of: "researcher")
        try await scene.bench.git.run("update-ref", "-d", "refs/heads/agents/researcher")

        let before = scene.report().findings
        let repair = try scene.fix()

        #expect(before.map(\.code) == [.branchLost])
        #expect(before[0].message.contains(head))
        #expect(repair.undone == [] && !repair.done.isEmpty, "\(repair)")
        #expect(try await scene.bench.head(of: "researcher") == head)
        #expect(scene.codes() == [])
    }

    @Test("a branch that is gone and of which nothing is noted is left to a person")
    func lostWithoutMark() async throws {
        let scene = try await ExaminationBench.make()
        try await scene.bench.git.run("update-ref", "-d", "refs/heads/agents/researcher")
        try scene.bench.open().repository.dropPublication()

        let before = scene.report().findings
        let repair = try scene.fix()

        #expect(before.map(\.code) == [.branchLost])
        #expect(before[0].remedy.contains("git fsck --lost-found"))
        #expect(repair.undone.count == 1 && repair.done == [], "\(repair)")
        #expect(scene.codes() == [.branchLost])
    }

    @Test("branches, lessons and worktrees of agents that the desk does not have are named")
    func strangers() async throws {
        let scene = try await ExaminationBench.make()
        try await scene.bench.git.run("branch", "agents/ghost", "main")
        try await scene.bench.git.run("branch", "skills/ghost/idea", "main")
        try await scene.bench.git.run("branch", "skills/researcher/idea", "main")
        try scene.bench.desk.folder("worktrees/ghost").create()

        let found = scene.report().findings

        #expect(found.map(\.code) == [.branchOfNobody, .branchOfNobody, .worktreeOfNobody])
        #expect(found.map(\.place) == ["agents/ghost", "skills/ghost/idea", "worktrees/ghost"])
    }

    @Test("many packs make maintenance due")
    func packs() async throws {
        let scene = try await ExaminationBench.make()
        for number in 0...GrowthCheck.manyPacks {
            try scene.write("pack-\(number).pack", "", below: ".git/objects/pack")
        }

        #expect(scene.codes() == [.maintenanceDue])
    }
}
