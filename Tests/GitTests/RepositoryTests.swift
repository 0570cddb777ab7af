// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git
import Testing

@Suite("Repository")
struct RepositoryTests {
    @Test("a new repository is on its initial branch and opens again by either path")
    func createAndOpen() throws {
        let scratch = try Scratch()
        let desk = try Repository.create(at: scratch.file("desk"), initialBranch: "trunk")

        let byFolder = try Repository.open(at: scratch.file("desk"))
        let byGit = try Repository.open(at: scratch.file("desk/.git"))

        #expect(try desk.headBranch() == "trunk")
        #expect(byFolder.path == scratch.file("desk"))
        #expect(byGit.commonFolder == scratch.file("desk/.git"))
        #expect(!byFolder.isLinkedWorktree)
    }

    @Test("an existing repository is never made over")
    func createOver() throws {
        let scratch = try Scratch()
        _ = try scratch.makeDesk()

        let error = try #require(throws: GitError.self) { try scratch.makeDesk() }

        #expect(error.code == .exists)
    }

    @Test("a folder that cannot be looked at is not taken for a missing one")
    func openUnreachable() throws {
        let path = "/tmp/" + String(repeating: "x", count: 300)

        let opened = try #require(throws: GitError.self) { try Repository.open(at: path) }
        let made = try #require(throws: GitError.self) { try Repository.create(at: path) }

        #expect(opened.code == .io)
        #expect(made.code == .io)
    }

    @Test("a missing folder is not found, with a hint")
    func openMissing() throws {
        let error = try #require(throws: GitError.self) { try Repository.open(at: "/no/such") }

        #expect(error.code == .notFound)
        #expect(
            error.description
                == "cannot open repository at /no/such: "
                + "no such folder; run loopdesk init /no/such first"
        )
    }

    @Test("a folder inside a repository is not taken for that repository")
    func openNeverDiscovers() throws {
        let scratch = try Scratch()
        _ = try scratch.makeDesk()
        try scratch.write("x", to: "desk/inner/file")

        let error = try #require(throws: GitError.self) {
            try Repository.open(at: scratch.file("desk/inner"))
        }

        #expect(error.code == .notARepository)
    }

    @Test("settings are kept in the repository and absent ones are nil")
    func configuration() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()

        try desk.setConfiguration("gc.auto", "0")

        #expect(try desk.configuration("gc.auto") == "0")
        #expect(try desk.configuration("gc.nothing") == nil)
        #expect(try scratch.git("config", "gc.auto") == "0\n")
        #expect(throws: GitError.self) { try desk.setConfiguration("nodot", "0") }
    }

    @Test("status names changed and new files but not ignored ones")
    func status() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        try scratch.write("*.log\n", to: "desk/.gitignore")
        try scratch.write("1", to: "desk/kept")
        try scratch.git("add", ".")
        try scratch.git("commit", "-qm", "first")
        #expect(try desk.isClean())

        try scratch.write("22", to: "desk/kept")
        try scratch.write("new", to: "desk/dir/new")
        try scratch.write("no", to: "desk/x.log")
        let status = try desk.status()

        #expect(status.map { "\($0.path) \($0.kind)" } == ["dir/new untracked", "kept modified"])
        #expect(try !desk.isClean())
    }

    @Test("changes between trees are those that git diff lists")
    func changes() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1", "d/x": "1", "d/y": "1", "swap": "file"])
        let two = try desk.publish(
            ["a": "2", "d/z": "1", "swap/inner": "1"],
            removing: ["d/x"]
        )

        let changes = try desk.changes(from: desk.commit(one).tree, to: desk.commit(two).tree)

        let listed = changes.map { "\($0.kind.rawValue.prefix(1).uppercased())\t\($0.path)\n" }
        #expect(
            try scratch.git("diff", "--name-status", "--no-renames", "\(one)", "\(two)")
                == listed.joined()
        )
        #expect(try desk.changes(from: nil, to: desk.commit(one).tree).count == 4)
    }

    @Test("a walk stops at hidden commits and at its limit")
    func walkLine() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        var ids: [ObjectID] = []
        for turn in 0..<6 { ids.append(try desk.publish(["a": "\(turn)"], message: "t\(turn)")) }

        #expect(try desk.walk(from: ids[5], until: [ids[2]]).map(\.id) == [ids[5], ids[4], ids[3]])
        #expect(try desk.walk(from: ids[5], limit: 2).map(\.id) == [ids[5], ids[4]])
        #expect(try desk.walk(from: ids[5]).count == 6)
        #expect(try desk.walk(from: ids[2], until: [ids[5]]).isEmpty)
    }

    @Test("merging gives each outcome without touching a branch")
    func merge() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let base = try desk.publish(["a": "1\n", "b": "1\n"])
        try desk.createBranch("side", at: base, by: Scratch.person)
        try desk.createBranch("clash", at: base, by: Scratch.person)
        let ours = try desk.publish(["a": "2\n"])
        let side = try desk.publish(["b": "2\n"], on: "side")
        let clash = try desk.publish(["a": "3\n"], on: "clash")

        let merged = try desk.merge(ours, side)

        guard case .merged(let tree) = merged else {
            Issue.record("not merged: \(merged)")
            return
        }
        let text = try desk.entry(atPath: "b", in: tree).map { try desk.blob($0.id) }
        #expect(text == Array("2\n".utf8))
        #expect(try desk.merge(ours, base) == .upToDate)
        #expect(try desk.merge(base, ours) == .fastForward(ours))
        #expect(try desk.merge(ours, clash) == .conflicts(["a"]))
        #expect(try desk.mergeBase(ours, side) == base)
        #expect(try desk.reference("refs/heads/main") == ours)
    }

    @Test("a walk over a merge agrees with git log")
    func walkMerge() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let base = try desk.publish(["a": "1"])
        try desk.createBranch("side", at: base, by: Scratch.person)
        let side = try desk.publish(["b": "1"], on: "side")
        let ours = try desk.publish(["c": "1"])
        var batch = ObjectBatch()
        let joined = batch.addCommit(
            tree: try desk.commit(ours).tree,
            parents: [ours, side],
            author: Scratch.person,
            message: "Join"
        )
        try desk.objects.write(batch, isDurable: false)

        let all = try desk.walk(from: joined).map(\.id)

        #expect(Set(all) == [joined, ours, side, base])
        #expect(all.first == joined && all.last == base)
        #expect(
            try desk.walk(from: joined, firstParentOnly: true).map(\.id) == [joined, ours, base]
        )
        #expect(try Set(desk.walk(from: joined, until: [side]).map(\.id)) == [joined, ours])
    }

    @Test("commits without shared history cannot be merged")
    func mergeUnrelated() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        let other = try desk.publish(["b": "1"], on: "other")

        #expect(try desk.mergeBase(one, other) == nil)
        #expect(throws: GitError.self) { try desk.merge(one, other) }
    }
}
