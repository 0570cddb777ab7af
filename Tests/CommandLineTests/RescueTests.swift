// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing
import TestSupport

@Suite("loopdesk rescue and maintain", .scratchFolder)
struct RescueTests {
    /// A desk on which a person's edit in a worktree was saved.
    private func makeRescue() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")
        try desk.write("mine\n", to: "worktrees/risk/agents/risk/STATE.md")
        _ = try await desk.run("replay", "--through", "2000-03-06")
        return desk
    }

    @Test("a rescue is listed with its reason and files, shown, and restored as a branch")
    func rescue() async throws {
        let desk = try await makeRescue()

        let list = try await desk.json("rescue", "list")
        let first = try #require(list["rescues"]?.arrayValue?.first)
        let reference = try #require(first["reference"]?.stringValue)
        let text = try await desk.run("rescue", "list")
        let show = try await desk.run("rescue", "show", "risk/")
        let made = try await desk.json("rescue", "restore", reference, "--branch", "mine")

        #expect(first["agent"]?.stringValue == "risk")
        #expect(first["reason"]?.stringValue == "it held changes that nobody had committed")
        #expect(first["files"] == .array([.string("agents/risk/STATE.md")]))
        #expect(text.stdout.contains(reference))
        #expect(show.stdout.contains("modified  agents/risk/STATE.md"))
        #expect(
            try await desk.git.lines("rev-parse", "mine") == [made["commit"]?.stringValue ?? ""]
        )
        #expect(try await desk.git.lines("show", "mine:agents/risk/STATE.md") == ["mine"])
    }

    @Test("a rescue's files are written into a folder, and nothing is ever overwritten")
    func restoredFiles() async throws {
        let desk = try await makeRescue()
        let folder = desk.folder.path(of: "found")
        let file = "found/agents/risk/STATE.md"

        let made = try await desk.json("rescue", "restore", "risk/", "--to", folder)
        let again = try await desk.run("rescue", "restore", "risk/", "--to", folder)

        #expect(made["files"] == .array([.string("agents/risk/STATE.md")]))
        #expect(try desk.folder.read(file) == Array("mine\n".utf8))
        #expect(again.stdout.contains("1 were there already"))

        try desk.write("something else\n", to: file)
        let refused = try await desk.run("rescue", "restore", "risk/", "--all", "--to", folder)

        #expect(refused.status == 65)
        #expect(refused.stderr.contains("agents/risk/STATE.md; nothing was written"))
        #expect(try desk.folder.read(file) == Array("something else\n".utf8))
        #expect(try desk.folder.folder("found").names() == ["agents"])
    }

    @Test("a link in the way is not followed, and all files come with --all")
    func restoredBesideLink() async throws {
        let desk = try await makeRescue()
        let outside = desk.folder.folder("outside")
        try outside.create()
        try desk.folder.folder("linked").create()
        let link = desk.folder.path(of: "linked/agents")
        try #require(symlink(outside.path, link) == 0)

        let refused = try await desk.run(
            "rescue",
            "restore",
            "risk/",
            "--to",
            desk.folder.path(of: "linked")
        )
        let all = try await desk.json(
            "rescue",
            "restore",
            "risk/",
            "--all",
            "--to",
            desk.folder.path(of: "all")
        )

        #expect(refused.status == 65)
        #expect(try outside.names() == [])
        #expect((all["files"]?.arrayValue?.count ?? 0) > 10)
        #expect(try desk.folder.read("all/agents/risk/STATE.md") == Array("mine\n".utf8))
        #expect(try desk.folder.folder("all").names().contains("orchestrator.yml"))
    }

    @Test("an unknown rescue, and a branch of the desk's own, are refused")
    func refusals() async throws {
        let desk = try await makeRescue()

        let unknown = try await desk.run("rescue", "show", "nothing")
        let reserved = try await desk.run("rescue", "restore", "risk/", "--branch", "agents/risk")
        let taken = try await desk.run("rescue", "restore", "risk/", "--branch", "main")
        let nowhere = try await desk.run("rescue", "restore", "risk/")
        let head =
            try await desk
            .run("rescue", "restore", "risk/", "--branch", "HEAD", "--to", "found")

        expectComplaint(unknown, status: 66, "'nothing'", "loopdesk rescue list")
        #expect(reserved.status == 64)
        #expect(nowhere.status == 64)
        #expect(nowhere.stderr.contains("--to <folder> or --branch <name>"))
        #expect(head.status == 64)
        #expect(head.stderr.contains("'HEAD' is no name for a branch"))
        #expect(!desk.folder.contains("found"))
        #expect(taken.status == 65)
        #expect(taken.stderr.contains("there is one of that name"))
    }

    @Test("a desk without rescues says so")
    func nothing() async throws {
        let desk = try await TestDesk.make()

        #expect(try await desk.run("rescue", "list").stdout == "Nothing has been saved.\n")
    }

    @Test("maintenance says what it did, and then that there is nothing to do")
    func maintain() async throws {
        let desk = try await makeRescue()
        try await desk.git.run("config", "gc.auto", "1")

        let first = try await desk.json("maintain")
        let second = try await desk.run("maintain")

        #expect(first["settings"] == .array([.string("gc.auto")]))
        #expect(first["packed_references"]?.intValue == 1)
        #expect(first["complete"]?.boolValue == true)
        #expect(second.stdout == "Nothing to do.\n")
        #expect(try await desk.git.lines("config", "gc.auto") == ["0"])
        try await desk.git.run("fsck", "--strict")
    }
}
