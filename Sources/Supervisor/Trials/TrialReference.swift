// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// The ledger of trials as the repository keeps it, under a reference of its own.
///
/// It holds what the file holds, so that losing either loses nothing.
struct TrialReference {
    private let desk: OpenDesk

    /// The reference.
    static let name = "refs/loopdesk/trials"

    init(_ desk: OpenDesk) {
        self.desk = desk
    }

    /// What it says; an empty book when there is none, or when its objects are gone.
    func load() throws -> TrialBook {
        guard let head = try desk.repository.reference(Self.name),
            try desk.repository.contains(head),
            let entry = try desk.repository.entry(
                atPath: TrialFile.name,
                in: try desk.repository.commit(head).tree
            ),
            try desk.repository.contains(entry.id)
        else { return TrialBook() }
        return TrialFile.parse(try desk.repository.blob(entry.id)).book
    }

    /// Makes it say what a book says as well; nothing is ever taken from it.
    /// - Throws: A `GitError` when the repository cannot be written.
    func save(_ news: TrialBook) throws {
        let repository = desk.repository
        var book = try load()
        for line in news.lines { book.take(line) }
        let head = try repository.reference(Self.name)
        let publisher = Publisher(repository, isDurable: true)
        defer { publisher.close() }
        let blob = publisher.batch.addBlob(TrialFile.bytes(book.lines))
        let tree = try publisher.batch.addTree([
            TreeEntry(name: TrialFile.name, mode: .regular, id: blob)
        ])
        let stored = try head.flatMap { try repository.contains($0) ? $0 : nil }
        if let stored, try repository.commit(stored).tree == tree { return }
        let time = book.trials.last?.place.time ?? Instant(desk.configuration.replay.lowerBound)
        let author = desk.author("supervisor", at: time)
        let commit = publisher.batch.addCommit(
            tree: tree,
            parents: stored.map { [$0] } ?? [],
            author: author,
            message: "trials: \(book.count) counted\n"
        )
        publisher.add(RefUpdate(reference: Self.name, to: commit, expecting: head))
        _ = try publisher.publish(by: author)
    }
}
