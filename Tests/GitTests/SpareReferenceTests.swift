// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@testable import Git

@Suite("Two files for a branch that moves all the time")
struct SpareReferenceTests {
    private let name = "refs/heads/agents/risk"
    private let scratch: Scratch
    private let desk: Repository

    init() throws {
        scratch = try Scratch()
        desk = try scratch.makeDesk()
    }

    private func move(
        to: ObjectID,
        expecting: ObjectID?,
        isDurable: Bool = true
    ) throws -> RefOutcome {
        try desk.update(
            reference: name,
            to: to,
            expecting: expecting,
            by: Scratch.person,
            message: "moved",
            isDurable: isDurable
        )
    }

    private func file(_ path: String) throws -> UInt? {
        try Files.status(scratch.file("desk/.git/\(path)"), "look").map { UInt($0.st_ino) }
    }

    /// Moves the branch so many times and gives the numbers of its files.
    private func walk(_ moves: Int, from start: ObjectID? = nil) throws -> [UInt] {
        var head = start
        var files: [UInt] = []
        for number in 0..<moves {
            let next = try desk.publish(["a": "\(number)"])
            #expect(try move(to: next, expecting: head) == .moved)
            #expect(try scratch.git("rev-parse", name) == "\(next)\n")
            head = next
            files.append(try #require(try file(name)))
        }
        return files
    }

    @Test("they take turns, and git finds what it expects")
    func turns() throws {
        let files = try walk(8)

        #expect(Set(files).count == 2)
        #expect(zip(files, files.dropFirst()).allSatisfy { $0 != $1 })
        #expect(try file("loopdesk/spares/risk") == files[6])
        #expect(!scratch.exists("desk/.git/\(name).lock"))
        #expect(try scratch.git("fsck", "--strict").contains("error") == false)
    }

    @Test("a file that git has put there is never kept under the name of a lock")
    func foreign() throws {
        _ = try walk(2)
        let theirs = try desk.publish(["a": "theirs"])
        try scratch.git("update-ref", name, "\(theirs)")
        let foreign = try file(name)

        let next = try desk.publish(["a": "next"])
        #expect(try move(to: next, expecting: theirs) == .moved)

        #expect(try scratch.git("rev-parse", name) == "\(next)\n")
        #expect(try file(name) != foreign)
        #expect(try file("loopdesk/spares/risk") != foreign)
        #expect(!scratch.exists("desk/.git/\(name).lock"))
    }

    @Test("a lock that somebody holds is waited for, whether there is a spare file or not")
    func held() throws {
        _ = try walk(2)
        let head = try #require(try desk.reference(name))
        let next = try desk.publish(["a": "next"])
        try scratch.write("", to: "desk/.git/\(name).lock")

        let error = try #require(throws: GitError.self) { try move(to: next, expecting: head) }

        #expect(error.code == .locked)
        #expect(try desk.reference(name) == head)
        #expect(try scratch.read("desk/.git/\(name).lock") == "")
        #expect(scratch.exists("desk/.git/loopdesk/spares/risk"))
    }

    @Test("what a kill between the two names leaves is swept at the start")
    func killed() throws {
        _ = try walk(3)
        let git = scratch.file("desk/.git")
        try FileManager.default.moveItem(
            atPath: "\(git)/loopdesk/spares/risk",
            toPath: "\(git)/\(name).lock"
        )

        try desk.sweepStaleFiles()

        #expect(!scratch.exists("desk/.git/\(name).lock"))
        _ = try walk(2, from: try desk.reference(name))
    }

    @Test("a file that has a second name is never written: it may be somebody's copy")
    func copied() throws {
        _ = try walk(3)
        let git = scratch.file("desk/.git")
        let old = try scratch.read("desk/.git/loopdesk/spares/risk")
        try FileManager.default.linkItem(
            atPath: "\(git)/loopdesk/spares/risk",
            toPath: "\(git)/copy-of-spare"
        )
        let now = try scratch.read("desk/.git/\(name)")
        try FileManager.default.linkItem(atPath: "\(git)/\(name)", toPath: "\(git)/copy-of-branch")

        _ = try walk(3, from: try desk.reference(name))

        #expect(try scratch.read("desk/.git/copy-of-spare") == old)
        #expect(try scratch.read("desk/.git/copy-of-branch") == now)
    }

    @Test("what the disk may still take for the branch is not written by a move that is to last")
    func unflushed() throws {
        let first = try walk(3)
        let head = try #require(try desk.reference(name))
        let next = try desk.publish(["a": "volatile"])
        #expect(try move(to: next, expecting: head, isDurable: false) == .moved)

        let last = try desk.publish(["a": "durable"])
        #expect(try move(to: last, expecting: next) == .moved)

        let file = try #require(try file(name))
        #expect(!first.contains(file))
    }

    @Test("a spare file that is not the one that was left is not used")
    func replaced() throws {
        _ = try walk(3)
        let git = scratch.file("desk/.git")
        try FileManager.default.removeItem(atPath: "\(git)/loopdesk/spares/risk")
        try scratch.write("somebody's\n", to: "desk/.git/loopdesk/spares/risk")

        let files = try walk(3, from: try desk.reference(name))

        #expect(files.count == 3)
        #expect(try scratch.git("fsck", "--strict").contains("error") == false)
    }
}
