// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git
import Testing

@Suite("Worktrees")
struct WorktreeTests {
    private func makeDesk(_ scratch: Scratch) throws -> Repository {
        let desk = try scratch.makeDesk()
        let files = [
            "agents/risk/SKILL.md": "skill\n", "agents/risk/STATE.md": "state\n",
            "agents/other/SKILL.md": "secret\n", "orchestrator.yml": "desk\n",
            ".gitignore": "work/\nworktrees/\n",
        ]
        let head = try desk.publish(files)
        try desk.createBranch("agents/risk", at: head, by: Scratch.person)
        _ = try desk.addWorktree(
            name: "risk",
            at: scratch.file("tree"),
            branch: "agents/risk",
            visible: ["agents/risk"]
        )
        return desk
    }

    @Test("git finds a fresh worktree clean, though most files are absent")
    func add() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)

        #expect(try scratch.git("status", "--porcelain", in: "tree") == "")
        #expect(try scratch.git("ls-files", in: "tree").split(separator: "\n").count == 5)
        #expect(scratch.exists("tree/agents/risk/STATE.md"))
        #expect(!scratch.exists("tree/agents/other"))
        #expect(try !scratch.git("worktree", "list").contains("locked"))
        #expect(try desk.worktreeChanges("risk").isEmpty)
        let listed = try #require(try desk.worktrees().first)
        #expect(listed.branch == "agents/risk" && !listed.isMissing)
        #expect(try desk.checkedOutBranches().map(\.branch) == ["agents/risk", "main"])
        #expect(try Repository.open(at: scratch.file("tree")).isLinkedWorktree)
    }

    @Test("a name, branch or folder that is taken is refused")
    func taken() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        let head = try #require(try desk.reference("refs/heads/main"))
        try desk.createBranch("free", at: head, by: Scratch.person)
        try scratch.write("x", to: "full/file")
        func code(_ name: String, _ path: String, _ branch: String) throws -> GitError.Code {
            try #require(throws: GitError.self) {
                try desk.addWorktree(
                    name: name,
                    at: scratch.file(path),
                    branch: branch,
                    visible: []
                )
            }.code
        }

        #expect(try code("risk", "new", "free") == .exists)
        #expect(try code("new", "new", "agents/risk") == .exists)
        #expect(try code("new", "full", "free") == .exists)
        #expect(try code("new", "new", "absent") == .notFound)
        #expect(try code("../x", "new", "free") == .invalid)
    }

    @Test("after the branch has moved, a refreshed index is clean again")
    func refresh() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        try scratch.write("next\n", to: "tree/agents/risk/STATE.md")
        try desk.publish(["agents/risk/STATE.md": "next\n"], on: "agents/risk")
        #expect(try scratch.git("status", "--porcelain", in: "tree") != "")

        try desk.refreshIndex(of: "risk")

        #expect(try scratch.git("status", "--porcelain", in: "tree") == "")
    }

    @Test("restoring writes back what differs and leaves the rest")
    func restore() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        try scratch.write("broken\n", to: "tree/agents/risk/STATE.md")
        try scratch.write("mine\n", to: "tree/agents/risk/extra")

        let written = try desk.restore(worktree: "risk")

        #expect(written == ["agents/risk/STATE.md"])
        #expect(try scratch.read("tree/agents/risk/STATE.md") == "state\n")
        #expect(scratch.exists("tree/agents/risk/extra"))
    }

    @Test("files alone are restored without a look at the rest of the branch or the index")
    func restoreFiles() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        try scratch.write("broken\n", to: "tree/agents/risk/STATE.md")
        let index = URL(fileURLWithPath: scratch.file("desk/.git/worktrees/risk/index"))
        let before = try Data(contentsOf: index)

        let written = try desk.restoreFiles(of: "risk")

        #expect(written == ["agents/risk/STATE.md"])
        #expect(try scratch.read("tree/agents/risk/STATE.md") == "state\n")
        #expect(try Data(contentsOf: index) == before)
        #expect(!scratch.exists("tree/agents/other"))
        #expect(try desk.restoreFiles(of: "risk") == [])
    }

    @Test("restoring never follows a link that was planted in place of a folder")
    func plantedLink() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        try scratch.write("outside\n", to: "target/STATE.md")
        try FileManager.default.removeItem(atPath: scratch.file("tree/agents/risk"))
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("tree/agents/risk"),
            withDestinationPath: scratch.file("target")
        )

        try desk.restore(worktree: "risk")

        #expect(try scratch.read("target/STATE.md") == "outside\n")
        #expect(try scratch.read("tree/agents/risk/STATE.md") == "state\n")
    }

    @Test("an index that points into another repository is written anew, whenever it comes to")
    func foreignEntries() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        let tree = scratch.file("tree")
        let head = try #require(try desk.reference("refs/heads/main"))
        #expect(try desk.sealWorktree("risk", at: tree) == [])

        for _ in 0..<2 {
            try scratch.git(
                "update-index",
                "--add",
                "--cacheinfo",
                "160000,\(head),agents/risk/sub",
                in: "tree"
            )
            #expect(try desk.sealWorktree("risk", at: tree) == ["index of git's record"])
            #expect(try scratch.git("status", "--porcelain", in: "tree") == "")
        }

        #expect(try desk.sealWorktree("risk", at: tree) == [])
    }

    @Test("a folder removed by hand is repaired")
    func repair() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        try FileManager.default.removeItem(atPath: scratch.file("tree"))
        #expect(try desk.worktrees().first?.isMissing == true)

        let written = try desk.repairWorktree("risk")

        #expect(written == ["agents/risk/SKILL.md", "agents/risk/STATE.md"])
        #expect(try scratch.git("status", "--porcelain", in: "tree") == "")
        #expect(throws: GitError.self) { try desk.repairWorktree("absent") }
    }

    @Test("a worktree with changes is kept until they are rescued")
    func remove() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        try scratch.write("mine\n", to: "tree/agents/risk/extra")

        let error = try #require(throws: GitError.self) { try desk.removeWorktree("risk") }
        #expect(error.code == .dirty)
        #expect(scratch.exists("tree/agents/risk/extra"))
        _ = try desk.rescue(worktree: "risk", agent: "risk")
        try desk.removeWorktree("risk", changesAreRescued: true)

        #expect(!scratch.exists("tree"))
        #expect(try desk.worktrees().isEmpty)
        #expect(try scratch.git("worktree", "list").split(separator: "\n").count == 1)
    }

    @Test("a rescue keeps changed, new and staged files, and gives the same id twice")
    func rescue() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        #expect(try desk.rescue(worktree: "risk", agent: "risk") == nil)
        try scratch.write("staged\n", to: "tree/agents/risk/STATE.md")
        try scratch.git("add", "agents/risk/STATE.md", in: "tree")
        try scratch.write("disk\n", to: "tree/agents/risk/STATE.md")
        try scratch.write("mine\n", to: "tree/agents/risk/extra")
        try scratch.write("scratch\n", to: "tree/work/ignored")
        try FileManager.default.removeItem(atPath: scratch.file("tree/agents/risk/SKILL.md"))

        let first = try #require(try desk.rescue(worktree: "risk", agent: "risk"))
        let second = try #require(try desk.rescue(worktree: "risk", agent: "risk"))

        #expect(first == second)
        #expect(
            first.paths == [
                "agents/risk/SKILL.md", "agents/risk/STATE.md", "agents/risk/extra",
            ]
        )
        let name = first.reference
        #expect(try scratch.git("show", "\(name):agents/risk/STATE.md") == "disk\n")
        #expect(try scratch.git("show", "\(name)^2:agents/risk/STATE.md") == "staged\n")
        #expect(try scratch.git("show", "\(name):agents/other/SKILL.md") == "secret\n")
        #expect(throws: Scratch.Failure.self) { try scratch.git("show", "\(name):work/ignored") }
        #expect(throws: Scratch.Failure.self) {
            try scratch.git("show", "\(name):agents/risk/SKILL.md")
        }
        #expect(try scratch.git("fsck", "--strict").contains("error") == false)
    }

    @Test(
        "an index that a power cut damaged is written anew, and what the files hold is rescued",
        arguments: [0, 11, 40, 100]
    )
    func damagedIndex(length: Int) throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        let index = URL(filePath: scratch.file("desk/.git/worktrees/risk/index"))
        let whole = try Data(contentsOf: index)
        let torn = whole.prefix(length) + Data(count: whole.count - length)
        try (length == 0 ? Data() : torn).write(to: index)
        try scratch.write("changed\n", to: "tree/agents/risk/STATE.md")

        let rescued = try desk.rescue(worktree: "risk", agent: "risk")
        _ = try desk.restore(worktree: "risk")

        #expect(rescued?.paths == ["agents/risk/STATE.md"])
        #expect(try scratch.git("status", "--porcelain", in: "tree") == "")
        #expect(try Data(contentsOf: index).count == whole.count)
    }

    @Test("folders nested too deep stop a rescue instead of losing files")
    func rescueLimit() throws {
        let scratch = try Scratch()
        let desk = try makeDesk(scratch)
        let deep = Array(repeating: "d", count: 70).joined(separator: "/")
        try scratch.write("x", to: "tree/agents/risk/\(deep)/file")

        let error = try #require(throws: GitError.self) {
            try desk.rescue(worktree: "risk", agent: "risk")
        }

        #expect(error.code == .tooLarge)
    }
}
