// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git
import Testing

@Suite("References")
struct ReferenceTests {
    private let name = "refs/heads/agents/risk"

    private func move(
        _ desk: Repository,
        _ reference: String,
        to: ObjectID,
        expecting: ObjectID?
    ) throws -> RefOutcome {
        try desk.update(
            reference: reference,
            to: to,
            expecting: expecting,
            by: Scratch.person,
            message: "turn: 1\nsecond",
            isDurable: true
        )
    }

    @Test(
        "a move from another value changes nothing and tells the value",
        arguments: [false, true]
    )
    func compareAndSwap(isPacked: Bool) throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        let two = try desk.publish(["a": "2"])
        #expect(try move(desk, name, to: one, expecting: nil) == .moved)
        if isPacked { try scratch.git("pack-refs", "--all") }

        let again = try move(desk, name, to: two, expecting: nil)
        let wrong = try move(desk, name, to: one, expecting: two)
        let right = try move(desk, name, to: two, expecting: one)

        #expect(again == .changedMeanwhile(reference: name, actual: one))
        #expect(wrong == .changedMeanwhile(reference: name, actual: one))
        #expect(right == .moved)
        #expect(try scratch.git("rev-parse", name) == "\(two)\n")
        #expect(try scratch.git("reflog", "show", name).contains("turn: 1 second"))
        #expect(!scratch.exists("desk/.git/\(name).lock"))
    }

    @Test("a repository that was moved away gets no empty one in its place")
    func movedAway() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        try FileManager.default.moveItem(
            atPath: scratch.file("desk"),
            toPath: scratch.file("elsewhere")
        )

        #expect(throws: GitError.self) { try move(desk, name, to: one, expecting: nil) }
        #expect(throws: GitError.self) {
            try desk.update(
                [RefUpdate(reference: name, to: one, expecting: nil)],
                by: Scratch.person,
                isDurable: false
            )
        }
        #expect(throws: GitError.self) { try desk.maintain(by: Scratch.person) }
        #expect(throws: GitError.self) { try desk.publish(["a": "2"]) }
        #expect(!scratch.exists("desk"))
    }

    @Test("a lock that is held is named")
    func locked() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        try scratch.write("", to: "desk/.git/\(name).lock")

        let error = try #require(throws: GitError.self) {
            try move(desk, name, to: one, expecting: nil)
        }

        #expect(error.code == .locked)
        #expect(error.message.contains(scratch.file("desk/.git/\(name).lock")))
        #expect(scratch.exists("desk/.git/\(name).lock"))
    }

    @Test("a removed reference does not come back from the packed ones")
    func delete() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        let two = try desk.publish(["a": "2"])
        _ = try move(desk, name, to: one, expecting: nil)
        try scratch.git("pack-refs", "--all")
        _ = try move(desk, name, to: two, expecting: one)

        #expect(
            try desk.deleteReference(name, expecting: one)
                == .changedMeanwhile(reference: name, actual: two)
        )
        #expect(try desk.deleteReference(name, expecting: two) == .moved)

        #expect(try desk.reference(name) == nil)
        #expect(try scratch.git("for-each-ref", "refs/heads/agents") == "")
        #expect(try desk.reference("refs/heads/main") == two)
    }

    @Test("several references move together or not at all")
    func many() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        let good = RefUpdate(reference: "refs/heads/agents/a", to: one, expecting: nil)
        let bad = RefUpdate(reference: "refs/heads/agents/b", to: one, expecting: one)
        let fine = RefUpdate(reference: "refs/heads/agents/b", to: one, expecting: nil)

        let refused = try desk.update([good, bad], by: Scratch.person, isDurable: false)
        #expect(refused == .changedMeanwhile(reference: bad.reference, actual: nil))
        #expect(try desk.references(withPrefix: "refs/heads/agents/").isEmpty)
        let moved = try desk.update([fine, good], by: Scratch.person, isDurable: true)

        #expect(moved == .moved)
        #expect(
            try desk.references(withPrefix: "refs/heads/agents/").map(\.name)
                == [good.reference, fine.reference]
        )
        #expect(throws: GitError.self) {
            try desk.update([good, good], by: Scratch.person, isDurable: false)
        }
    }

    @Test("a name cannot be a reference and a folder of references", arguments: [false, true])
    func folderConflict(isPacked: Bool) throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        _ = try move(desk, name, to: one, expecting: nil)
        if isPacked { try scratch.git("pack-refs", "--all") }

        let below = try #require(throws: GitError.self) {
            try move(desk, name + "/inner", to: one, expecting: nil)
        }
        let above = try #require(throws: GitError.self) {
            try move(desk, "refs/heads/agents", to: one, expecting: nil)
        }

        #expect(below.code == .exists)
        #expect(above.code == .exists)
        #expect(try desk.reference(name) == one)
    }

    @Test("an empty reference file is corrupt, not absent")
    func corrupt() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        try scratch.write("", to: "desk/.git/\(name)")

        let error = try #require(throws: GitError.self) { try desk.reference(name) }

        #expect(error.code == .corrupt)
    }

    @Test(
        "a name that git forbids is refused",
        arguments: [
            "main", "refs/heads/a..b", "refs/heads/a.lock", "refs/heads/.a", "refs/heads/a b",
            "refs/heads/a//b",
        ]
    )
    func badNames(bad: String) throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])

        let error = try #require(throws: GitError.self) {
            try move(desk, bad, to: one, expecting: nil)
        }

        #expect(error.code == .invalid)
    }

    @Test("a branch is made once, and only at a commit that exists")
    func createBranch() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])
        try desk.createBranch("agents/x", at: one, by: Scratch.person)

        let twice = try #require(throws: GitError.self) {
            try desk.createBranch("agents/x", at: one, by: Scratch.person)
        }
        let missing = try #require(throws: GitError.self) {
            try desk.createBranch("y", at: ObjectID(hashing: [9], kind: .blob), by: Scratch.person)
        }

        #expect(twice.code == .exists)
        #expect(missing.code == .notFound)
    }

    @Test(
        "a branch of a name that git refuses is not made",
        arguments: ["HEAD", "@", "-x", "--force", "a..b", "a b", "@{-1}", ""]
    )
    func badBranch(name: String) throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let one = try desk.publish(["a": "1"])

        let error = #expect(throws: GitError.self) {
            try desk.createBranch(name, at: one, by: Scratch.person)
        }

        #expect(error?.code == .invalid)
        #expect(!Repository.isBranchName(name))
    }

    @Test("a name is a branch's although it looks a little like one that git refuses")
    func goodBranch() {
        for name in ["head", "HEAD/x", "x-", "x@y", "agents/risk"] {
            #expect(Repository.isBranchName(name), "\(name)")
        }
    }
}
