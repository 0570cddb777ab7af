// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Git

@Suite("Where branches were left")
struct BranchMarkTests {
    private static let branch = "refs/heads/agents/risk"

    private func add(_ text: String, turn: Int?, to publisher: Publisher, onto head: ObjectID?)
        throws -> ObjectID
    {
        let blob = publisher.batch.addBlob(Array(text.utf8))
        let entry = TreeEntry(name: "said", mode: .regular, id: blob)
        let commit = publisher.batch.addCommit(
            tree: try publisher.batch.addTree([entry]),
            parents: head.map { [$0] } ?? [],
            author: Scratch.person,
            message: text
        )
        publisher.add(
            RefUpdate(reference: Self.branch, to: commit, expecting: head),
            turn: turn
        )
        return commit
    }

    private func marks(_ desk: Repository) throws -> [String: BranchMark]? {
        try desk.keptPublication()?.publisher.branchMarks()
    }

    @Test("the journal keeps commit and number through every clearing, and nothing to publish")
    func kept() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let publisher = Publisher(desk, isDurable: false)
        let first = try add("one", turn: 1, to: publisher, onto: nil)
        #expect(try publisher.publish(by: Scratch.person) == .moved)
        #expect(try marks(desk) == [Self.branch: BranchMark(head: first, turn: 1)])

        let second = try add("two", turn: 2, to: publisher, onto: first)
        try publisher.keep(by: Scratch.person)
        let waiting = try #require(try desk.keptPublication()).publisher
        #expect(waiting.updates.map(\.target) == [second])
        #expect(try publisher.publish(by: Scratch.person) == .moved)

        #expect(try marks(desk) == [Self.branch: BranchMark(head: second, turn: 2)])
        #expect(try desk.keptPublication()?.publisher.updates == [])
        #expect(try desk.recoverPublication() == .moved)
        #expect(try marks(desk)?.count == 1)
        try desk.dropPublication()
        #expect(try desk.keptPublication() == nil)
    }

    @Test("a move without a number keeps the one before")
    func withoutNumber() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let publisher = Publisher(desk, isDurable: false)
        let first = try add("one", turn: 7, to: publisher, onto: nil)
        #expect(try publisher.publish(by: Scratch.person) == .moved)

        let second = try add("two", turn: nil, to: publisher, onto: first)
        #expect(try publisher.publish(by: Scratch.person) == .moved)

        #expect(try marks(desk) == [Self.branch: BranchMark(head: second, turn: 7)])
    }

    @Test("moves that a killed process had made before it cleared its journal are marked")
    func movedBeforeKill() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let publisher = Publisher(desk, isDurable: false)
        let first = try add("one", turn: 1, to: publisher, onto: nil)
        try publisher.keep(by: Scratch.person)
        try desk.objects.write(publisher.batch, isDurable: false)
        try scratch.git("update-ref", Self.branch, "\(first)")

        #expect(try desk.recoverPublication() == .moved)

        #expect(try marks(desk) == [Self.branch: BranchMark(head: first, turn: 1)])
    }

    @Test("marks of branches that nobody asks for any more are forgotten")
    func forgotten() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let publisher = Publisher(desk, isDurable: false)
        _ = try add("one", turn: 1, to: publisher, onto: nil)
        #expect(try publisher.publish(by: Scratch.person) == .moved)

        try publisher.keepMarks(of: [])
        #expect(try publisher.publish(by: Scratch.person) == .moved)

        #expect(try desk.keptPublication() == nil)
    }
}
