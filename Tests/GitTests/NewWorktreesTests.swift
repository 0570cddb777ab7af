// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git
import Testing

@Suite("Worktrees that are made at once")
struct NewWorktreesTests {
    private static let names = ["one", "two", "three"]

    private func makeDesk(_ scratch: Scratch) throws -> Repository {
        let desk = try scratch.makeDesk()
        var files = ["skills/a/SKILL.md": "shared\n", "skills/ab": "hidden\n"]
        for name in Self.names { files["agents/\(name)/SKILL.md"] = "skill of \(name)\n" }
        let head = try desk.publish(files)
        try desk.createBranches(
            Self.names.map { "agents/\($0)" },
            at: head,
            by: Scratch.person
        )
        return desk
    }

    private func wanted(_ scratch: Scratch, _ name: String) -> NewWorktree {
        NewWorktree(
            name: name,
            path: scratch.file("trees/\(name)"),
            branch: "agents/\(name)",
            visible: ["agents/\(name)", "skills/a"]
        )
    }

    /// Leaves a worktree as a kill does between its record and its index.
    private func cutShort(_ name: String, _ scratch: Scratch) throws {
        try scratch.write("loopdesk is making it\n", to: "desk/.git/worktrees/\(name)/locked")
        try FileManager.default.removeItem(
            atPath: scratch.file("desk/.git/worktrees/\(name)/index")
        )
    }

    @Test("each has its own files, and git finds all of them clean")
    func together() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        let made = try desk.addWorktrees(Self.names.map { wanted(scratch, $0) })
        #expect(made.map(\.name) == Self.names)
        #expect(try desk.worktrees() == made.sorted { $0.name < $1.name })
        for name in Self.names {
            #expect(try scratch.git("status", "--porcelain", in: "trees/\(name)") == "")
            #expect(try scratch.read("trees/\(name)/agents/\(name)/SKILL.md").contains(name))
            #expect(scratch.exists("trees/\(name)/skills/a/SKILL.md"))
            #expect(!scratch.exists("trees/\(name)/skills/ab"))
            let others = Self.names.filter { $0 != name }
            #expect(others.allSatisfy { !scratch.exists("trees/\(name)/agents/\($0)") })
            #expect(!scratch.exists("desk/.git/worktrees/\(name)/locked"))
        }
        #expect(try scratch.git("fsck", "--strict") == "")
    }

    @Test("branches at different commits give different worktrees")
    func apart() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        let main = try desk.publish(["agents/two/SKILL.md": "newer\n"])
        let old = try #require(try desk.reference("refs/heads/agents/two"))
        try desk.update(
            reference: "refs/heads/agents/two",
            to: main,
            expecting: old,
            by: Scratch.person,
            message: nil,
            isDurable: false
        )

        _ = try desk.addWorktrees(["one", "two"].map { wanted(scratch, $0) })

        #expect(try scratch.read("trees/two/agents/two/SKILL.md") == "newer\n")
        for name in ["one", "two"] {
            #expect(try scratch.git("status", "--porcelain", in: "trees/\(name)") == "")
        }
    }

    @Test("a folder that is registered is not pruned before its index is written")
    func adopted() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        let one = wanted(scratch, "one")
        try scratch.write("mine\n", to: "trees/one/mine")
        try desk.adoptWorktree(
            name: one.name,
            at: one.path,
            branch: one.branch,
            visible: one.visible
        )
        try FileManager.default.removeItem(atPath: scratch.file("trees/one/.git"))

        _ = try scratch.git("worktree", "prune", "--expire", "now")

        #expect(try desk.worktrees().map(\.isUnfinished) == [true])
        try desk.completeWorktree("one")
        #expect(try desk.worktrees().map(\.isUnfinished) == [false])
        #expect(try scratch.read("trees/one/mine") == "mine\n")
    }

    @Test("none is made when one of them cannot be")
    func allOrNone() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        try scratch.write("x", to: "trees/three/file")
        let same = wanted(scratch, "one")
        func other(name: String = "two", path: String = "two", branch: String) -> NewWorktree {
            NewWorktree(
                name: name,
                path: scratch.file("trees/\(path)"),
                branch: branch,
                visible: []
            )
        }
        let refused: [(NewWorktree, GitError.Code)] = [
            (wanted(scratch, "three"), .exists),
            (other(branch: "agents/none"), .notFound),
            (other(branch: "agents/one"), .exists),
            (other(name: "one", branch: "agents/two"), .exists),
            (other(path: "one", branch: "agents/two"), .exists),
        ]
        for (second, code) in refused {
            let error = #expect(throws: GitError.self) {
                try desk.addWorktrees([same, second])
            }
            #expect(error?.code == code, "\(second)")
            #expect(try desk.worktrees().isEmpty)
            #expect(!scratch.exists("trees/one"))
        }
        let head = try #require(try desk.reference("refs/heads/main"))
        let error = #expect(throws: GitError.self) {
            try desk.createBranches(["fresh", "agents/two"], at: head, by: Scratch.person)
        }
        #expect(error?.code == .exists)
        #expect(try desk.reference("refs/heads/fresh") == nil)
    }

    @Test("one that a kill cut short is not pruned, and completed without touching what is there")
    func completed() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        _ = try desk.addWorktrees(Self.names.map { wanted(scratch, $0) })
        try cutShort("one", scratch)
        try FileManager.default.removeItem(atPath: scratch.file("trees/one"))
        try cutShort("two", scratch)
        try FileManager.default.removeItem(atPath: scratch.file("trees/two/skills"))
        try scratch.write("edited\n", to: "trees/two/agents/two/SKILL.md")

        _ = try scratch.git("worktree", "prune", "--expire", "now")
        let unfinished = try desk.worktrees().filter(\.isUnfinished).map(\.name)
        #expect(unfinished == ["one", "two"])
        for name in unfinished { try desk.completeWorktree(name) }
        #expect(try desk.worktrees().allSatisfy { !$0.isUnfinished && !$0.isMissing })
        #expect(try scratch.git("status", "--porcelain", in: "trees/one") == "")
        #expect(
            try scratch.git("status", "--porcelain", in: "trees/two")
                .contains("M agents/two/SKILL.md")
        )
        #expect(scratch.exists("trees/two/skills/a/SKILL.md"))
    }

    @Test("a lock of the owner's stays")
    func locked() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        _ = try desk.addWorktrees([wanted(scratch, "one")])
        _ = try scratch.git("worktree", "lock", "--reason", "mine", scratch.file("trees/one"))
        try desk.restore(worktree: "one")
        #expect(try desk.worktrees().map(\.isUnfinished) == [false])
        #expect(try scratch.read("desk/.git/worktrees/one/locked").contains("mine"))
    }
}
