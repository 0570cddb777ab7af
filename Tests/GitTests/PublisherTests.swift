// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git
import Testing

@Suite("Publishing in groups")
struct PublisherTests {
    private let scratch: Scratch
    private let desk: Repository

    init() throws {
        scratch = try Scratch()
        desk = try scratch.makeDesk()
    }

    /// Adds a commit with one file to a branch that the publisher moves.
    @discardableResult
    private func add(
        _ text: String,
        on branch: String,
        after parent: ObjectID?,
        to publisher: Publisher
    ) throws -> ObjectID {
        var tree = try TreeEditor(desk, tree: nil)
        try tree.set("note", content: Array(text.utf8))
        let commit = publisher.batch.addCommit(
            tree: try tree.write(into: &publisher.batch),
            parents: parent.map { [$0] } ?? [],
            author: Scratch.person,
            message: text
        )
        publisher.add(
            RefUpdate(
                reference: "refs/heads/\(branch)",
                to: commit,
                expecting: parent,
                message: text
            )
        )
        return commit
    }

    @Test("what was noted outlives its branch, however git cleans up", arguments: [true, false])
    func noted(isNoted: Bool) throws {
        let publisher = Publisher(desk, isDurable: false)
        try desk.prepareSettings()
        let commit = try add("one", on: "agents/a", after: nil, to: publisher)
        #expect(try publisher.publish(by: Scratch.person) == .moved)
        let next = try add("two", on: "agents/a", after: commit, to: publisher)
        #expect(try publisher.publish(by: Scratch.person) == .moved)
        publisher.close()
        // A reference that stood for what is gone must not keep the next ones from being noted.
        if isNoted {
            try desk.notePublished([commit], by: Scratch.person)
            try desk.notePublished([next], by: Scratch.person)
        }

        try scratch.git("update-ref", "-d", "refs/heads/agents/a")
        try scratch.git("gc", "--quiet", "--prune=now", "--force")
        try scratch.git("repack", "-adq")
        try scratch.git("prune", "--expire=now")
        try desk.releaseCaches()

        #expect(try desk.contains(next) == isNoted)
    }

    private func head(_ branch: String) throws -> ObjectID? {
        try desk.reference("refs/heads/\(branch)")
    }

    private var journal: URL { URL(fileURLWithPath: scratch.file("desk/.git/loopdesk/journal")) }

    @Test("what is published can be read, and there is nothing left to recover")
    func published() throws {
        let publisher = Publisher(desk, isDurable: true)
        let one = try add("one", on: "a", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        let two = try add("two", on: "a", after: one, to: publisher)
        let other = try add("other", on: "b", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        #expect(try head("a") == nil)

        #expect(try publisher.publish(by: Scratch.person) == .moved)

        #expect(try head("a") == two)
        #expect(try head("b") == other)
        #expect(try scratch.git("rev-list", "--count", "a") == "2\n")
        try desk.deleteReference("refs/heads/b", expecting: other)
        #expect(try desk.recoverPublication() == .moved)
        #expect(try head("b") == nil)
        _ = try scratch.git("fsck", "--strict")
    }

    @Test("what was kept and not published is recovered, what was not kept is not")
    func recovered() throws {
        let publisher = Publisher(desk, isDurable: false)
        let one = try add("one", on: "a", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        let two = try add("two", on: "a", after: one, to: publisher)
        try publisher.keep(by: Scratch.person)
        try add("three", on: "a", after: two, to: publisher)

        #expect(try Repository.open(at: desk.path).recoverPublication() == .moved)

        #expect(try head("a") == two)
        #expect(try scratch.git("log", "--format=%s", "a") == "two\none\n")
        _ = try scratch.git("fsck", "--strict")
    }

    @Test("who keeps nothing and moves no agent's branch leaves the journal of another as it is")
    func stranger() throws {
        let publisher = Publisher(desk, isDurable: false)
        let waiting = try add("waiting", on: "agents/a", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)

        let stranger = Publisher(try Repository.open(at: desk.path), isDurable: false)
        let beside = try add("beside", on: "notes", after: nil, to: stranger)
        #expect(try stranger.publish(by: Scratch.person) == .moved)

        #expect(try head("notes") == beside)
        #expect(try Repository.open(at: desk.path).recoverPublication() == .moved)
        #expect(try head("agents/a") == waiting)
    }

    @Test("a journal cut short anywhere counts up to its last whole record")
    func cutShort() throws {
        let publisher = Publisher(desk, isDurable: false)
        let one = try add("one", on: "a", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        let whole = try Data(contentsOf: journal).count
        let two = try add("two", on: "a", after: one, to: publisher)
        try publisher.keep(by: Scratch.person)
        let bytes = try Data(contentsOf: journal)

        for length in 0...bytes.count {
            try bytes.prefix(length).write(to: journal)
            #expect(try desk.recoverPublication() == .moved)
            let expected = length >= bytes.count ? two : length >= whole ? one : nil
            #expect(try head("a") == expected, "cut to \(length) of \(bytes.count) bytes")
            if let expected { try desk.deleteReference("refs/heads/a", expecting: expected) }
        }
    }

    @Test("a record with a flipped bit does not count, nor does what follows it")
    func damaged() throws {
        let publisher = Publisher(desk, isDurable: false)
        let one = try add("one", on: "a", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        let place = try Data(contentsOf: journal).count
        let two = try add("two", on: "a", after: one, to: publisher)
        try publisher.keep(by: Scratch.person)
        try add("three", on: "a", after: two, to: publisher)
        try publisher.keep(by: Scratch.person)
        var bytes = try Data(contentsOf: journal)
        bytes[place + 40] ^= 1
        try bytes.write(to: journal)

        #expect(try desk.recoverPublication() == .moved)

        #expect(try head("a") == one)
    }

    @Test("records of an earlier publication do not come back")
    func generations() throws {
        let publisher = Publisher(desk, isDurable: false)
        var head: ObjectID?
        for text in ["one", "two", "three"] {
            head = try add(text, on: "a", after: head, to: publisher)
            try publisher.keep(by: Scratch.person)
        }
        #expect(try publisher.publish(by: Scratch.person) == .moved)
        let next = try add("four", on: "a", after: head, to: publisher)
        try publisher.keep(by: Scratch.person)

        #expect(try desk.recoverPublication() == .moved)

        #expect(try self.head("a") == next)
        #expect(try scratch.git("rev-list", "--count", "a") == "4\n")
    }

    @Test("references of which some had moved before the kill all move")
    func halfMoved() throws {
        let publisher = Publisher(desk, isDurable: false)
        let one = try add("one", on: "a", after: nil, to: publisher)
        let other = try add("other", on: "b", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        try desk.objects.write(publisher.batch, isDurable: false)
        try desk.createBranch("a", at: one, by: Scratch.person)

        #expect(try desk.recoverPublication() == .moved)

        #expect(try head("a") == one)
        #expect(try head("b") == other)
    }

    @Test("a branch that somebody moved is named, and the journal is kept until it is dropped")
    func movedMeanwhile() throws {
        let mine = try desk.publish(["a": "1"], on: "a")
        let publisher = Publisher(desk, isDurable: false)
        try add("one", on: "a", after: nil, to: publisher)
        let other = try add("other", on: "b", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        let refusal = RefOutcome.changedMeanwhile(reference: "refs/heads/a", actual: mine)

        #expect(try publisher.publish(by: Scratch.person) == refusal)
        #expect(try desk.recoverPublication() == refusal)
        #expect(try head("a") == mine)
        #expect(try head("b") == nil)

        try desk.deleteReference("refs/heads/a", expecting: mine)
        #expect(try desk.recoverPublication() == .moved)
        #expect(try head("b") == other)

        try add("more", on: "c", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        try desk.dropPublication()
        #expect(try desk.recoverPublication() == .moved)
        #expect(try head("c") == nil)
    }
}
