// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Publishes commits in groups: all objects in one pack, references moved last.
///
/// Between two publications, what is made is kept in a journal, one file that is written in place.
/// A kill loses nothing that was kept: ``Repository/recoverPublication()`` publishes it before
/// anybody reads the references again. So a commit costs one write, and one flush if it must be
/// durable, while files for packs and references are made once for many commits. Making files is
/// the dear part: some file systems look at everything removed in the last minutes before each.
public final class Publisher {
    /// The objects that wait; add to it what the references will stand for.
    public var batch = ObjectBatch()
    /// The moves that wait, at most one for each reference.
    public private(set) var updates: [RefUpdate] = []

    private let repository: Repository
    private let isDurable: Bool
    /// Opened when first needed, so that what a killed process left can be recovered before.
    private var journal: PublicationJournal?
    /// How much of the batch and which moves the journal lacks.
    private var keptCount = 0
    private var newUpdates: [RefUpdate] = []

    /// Makes a publisher; nobody else may publish in this repository while it is in use.
    ///
    /// If it is durable, what is kept survives a power cut.
    public init(_ repository: Repository, isDurable: Bool) {
        self.repository = repository
        self.isDurable = isDurable
    }

    /// Adds the move of a reference; a second move of the same one joins the first.
    public func add(_ update: RefUpdate) {
        Self.join(update, to: &updates)
        Self.join(update, to: &newUpdates)
    }

    /// Writes what is new to the journal.
    public func keep(by signature: Signature) throws(GitError) {
        guard !newUpdates.isEmpty else { return }
        let record = JournalRecord(
            signature: signature,
            updates: newUpdates,
            items: Array(batch.items[keptCount...])
        )
        if journal == nil { journal = try PublicationJournal(repository.journalPath) }
        try journal?.append(record, isDurable: isDurable)
        keptCount = batch.count
        newUpdates = []
    }

    /// Publishes what waits; afterwards everybody can read it.
    /// - Returns: `changedMeanwhile` when somebody moved a branch; no branch has moved then, and
    ///   what waited is still in the journal.
    public func publish(by signature: Signature) throws(GitError) -> RefOutcome {
        guard !updates.isEmpty else { return .moved }
        try repository.objects.write(batch, isDurable: isDurable)
        let outcome = try repository.update(updates, by: signature, isDurable: isDurable)
        guard outcome == .moved else { return outcome }
        try journal?.clear()
        batch = ObjectBatch()
        updates = []
        newUpdates = []
        keptCount = 0
        return .moved
    }

    private static func join(_ update: RefUpdate, to updates: inout [RefUpdate]) {
        guard let index = updates.firstIndex(where: { $0.reference == update.reference }) else {
            updates.append(update)
            return
        }
        updates[index] = RefUpdate(
            reference: update.reference,
            to: update.target,
            expecting: updates[index].expected,
            message: update.message
        )
    }
}

extension Repository {
    var journalPath: String { Path.join(commonFolder, "loopdesk/journal") }

    /// Publishes what a killed process had kept in the journal.
    ///
    /// Call it at the start, before references are read, while holding the desk's lock.
    /// - Returns: `changedMeanwhile` when a branch is neither where it was nor where it was to go;
    ///   nothing has moved then, and the journal is as it was.
    @discardableResult
    public func recoverPublication() throws(GitError) -> RefOutcome {
        guard try Files.exists(journalPath, "recover a publication") else { return .moved }
        let records = try PublicationJournal(journalPath).records()
        guard let signature = records.last?.signature else { return .moved }
        let publisher = Publisher(self, isDurable: true)
        for record in records {
            for item in record.items { publisher.batch.add(item.content, item.kind) }
            for update in record.updates { publisher.add(update) }
        }
        // A kill between two renames leaves some references moved already.
        try publisher.leaveOutMoved()
        let outcome = try publisher.publish(by: signature)
        if outcome == .moved { try dropPublication() }
        return outcome
    }

    /// Forgets what the journal holds.
    public func dropPublication() throws(GitError) {
        guard try Files.exists(journalPath, "drop a publication") else { return }
        try PublicationJournal(journalPath).clear()
    }
}

extension Publisher {
    fileprivate func leaveOutMoved() throws(GitError) {
        var waiting: [RefUpdate] = []
        for update in updates where try repository.reference(update.reference) != update.target {
            waiting.append(update)
        }
        updates = waiting
    }
}
