// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk init", .scratchFolder)
struct InitTests {
    @Test("a new desk is a clean repository on main, and says what to do next")
    func newDesk() async throws {
        let path = "\(try ScratchFolder.path)/new/desk"

        let result = try await TestDesk.run(["init", path])

        let git = GitCommand(in: path)
        #expect(result.isSuccess)
        #expect(result.stderr.isEmpty)
        #expect(result.stdout.contains("loopdesk replay --desk \(path)"))
        #expect(try await git.lines("status", "--porcelain").isEmpty)
        #expect(try await git.lines("symbolic-ref", "HEAD") == ["refs/heads/main"])
        #expect(try await git.lines("rev-list", "--count", "main") == ["1"])
        #expect(try await git.run("fsck", "--strict").stdout.isEmpty)
    }

    @Test("an empty folder that is there already is taken")
    func emptyFolder() async throws {
        let path = "\(try ScratchFolder.path)/empty"
        try Folder(path).create()

        let result = try await TestDesk.run(["init", path, "--json"])

        let head = try await GitCommand(in: path).lines("rev-parse", "main")
        let json = try JSON(parsing: Array(result.stdout.utf8))
        #expect(json["main"]?.stringValue.map { [$0] } == head)
    }

    @Test("two desks are equal to the commit")
    func deterministic() async throws {
        let scratch = try ScratchFolder.path

        let left = try await TestDesk.run(["init", "\(scratch)/left", "--json"])
        let right = try await TestDesk.run(["init", "\(scratch)/right", "--json"])

        let ids = try [left, right].map { try JSON(parsing: Array($0.stdout.utf8))["main"] }
        #expect(ids[0] != nil)
        #expect(ids[0] == ids[1])
    }

    @Test("a folder with something in it is left alone")
    func notEmpty() async throws {
        let folder = Folder("\(try ScratchFolder.path)/full")
        try folder.create()
        try folder.replace("mine.txt", with: Array("mine".utf8))

        let result = try await TestDesk.run(["init", folder.path])

        expectComplaint(result, status: 65, folder.path, "is not empty", "nothing was changed")
        #expect(try folder.names() == ["mine.txt"])
    }

    @Test("a file in the place of the folder is left alone")
    func fileInTheWay() async throws {
        let scratch = Folder(try ScratchFolder.path)
        try scratch.replace("file", with: Array("mine".utf8))

        let result = try await TestDesk.run(["init", scratch.path(of: "file")])

        #expect(result.status != 0)
        #expect(result.stderr.hasPrefix("loopdesk: "))
        #expect(try scratch.read("file") == Array("mine".utf8))
    }
}
