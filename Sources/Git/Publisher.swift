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
    private let hold: CollectionHold
    /// Opened when first needed, so that what a killed process left can be recovered before.
    private var journal: PublicationJournal?
    /// How much of the batch and which moves the journal lacks.
    private var keptCount = 0
    private var newUpdates: [RefUpdate] = []
    /// Where the branches were left; known once the journal is open.
    private var marks: [String: BranchMark] = [:]
    /// The numbers of turns that waiting moves stand for.
    private var turns: [String: Int] = [:]
    /// Whether the journal holds more than the marks, from a process that was killed.
    private var hasKept = false

    /// Makes a publisher; nobody else may publish in this repository while it is in use.
    ///
    /// If it is durable, what is kept survives a power cut.
    public init(_ repository: Repository, isDurable: Bool) {
        self.repository = repository
        self.isDurable = isDurable
        hold = CollectionHold(commonFolder: repository.commonFolder)
    }

    /// Adds the move of a reference; a second move of the same one joins the first, or takes its
    /// place if it expects another value than the first one would leave.
    ///
    /// The number of an agent's newest turn goes into the mark of its branch, as it is given.
    public func add(_ update: RefUpdate, turn: Int? = nil) {
        Self.join(update, to: &updates)
        Self.join(update, to: &newUpdates)
        if let turn { turns[update.reference] = turn }
    }

    /// Writes what is new to the journal.
    public func keep(by signature: Signature) throws(GitError) {
        guard !newUpdates.isEmpty else { return }
        let journal = try openJournal()
        let record = JournalRecord(
            signature: signature,
            updates: newUpdates + newUpdates.compactMap(mark),
            items: Array(batch.items[keptCount...])
        )
        try journal.append(record, isDurable: isDurable)
        keptCount = batch.count
        newUpdates = []
    }

    /// Publishes what waits; afterwards everybody can read it.
    ///
    /// While it does, and until ``close()``, `git gc` declines to run in this repository.
    /// - Returns: `changedMeanwhile` when somebody moved a branch; no branch has moved then, and
    ///   what waited is still in the journal.
    public func publish(by signature: Signature) throws(GitError) -> RefOutcome {
        try publish(by: signature, beforeCheck: {})
    }

    /// As ``publish(by:)``, with a place for tests between moving references and looking whether
    /// what they stand for is still there.
    package func publish(
        by signature: Signature,
        beforeCheck: () -> Void
    ) throws(GitError) -> RefOutcome {
        guard !updates.isEmpty else {
            if hasKept { try clearJournal(by: signature) }
            return .moved
        }
        try hold.take()
        let objects = repository.objects
        let pack = try objects.writeKept(batch, isDurable: isDurable)
        defer { if let pack { objects.release(pack) } }
        var outcome = try move(by: signature)
        if outcome != .moved, try leaveOutMoved() { outcome = try move(by: signature) }
        guard outcome == .moved else { return outcome }
        beforeCheck()
        if let pack { try requireStored(pack) }
        // Who keeps nothing and moves no agent's branch has no business with the journal, in which
        // another's work may wait.
        if journal != nil || hasKept || updates.contains(where: { mark($0) != nil }) {
            try clearJournal(by: signature)
        }
        batch = ObjectBatch()
        updates = []
        newUpdates = []
        keptCount = 0
        return .moved
    }

    /// Lets `git gc` run again; the next publication takes the claim anew.
    public func close() { hold.release() }

    /// Where the desk last left each agent's branch, by the full name of the reference.
    public func branchMarks() throws(GitError) -> [String: BranchMark] {
        _ = try openJournal()
        return marks
    }

    /// Forgets the marks of all branches but some, with the next publication, also of nothing.
    public func keepMarks(of references: Set<String>) throws(GitError) {
        _ = try openJournal()
        let kept = marks.filter { references.contains($0.key) }
        hasKept = hasKept || kept.count < marks.count
        marks = kept
    }

    private func openJournal() throws(GitError) -> PublicationJournal {
        if let journal { return journal }
        let opened = try PublicationJournal(repository.journalPath)
        for record in try opened.records() { take(marksOf: record) }
        journal = opened
        return opened
    }

    private func take(marksOf record: JournalRecord) {
        for update in record.updates {
            if let mark = BranchMark(update) { marks[update.reference] = mark }
        }
    }

    /// The mark that a branch has once a move is made, as the journal keeps it.
    private func mark(_ update: RefUpdate) -> RefUpdate? {
        guard update.reference.hasPrefix(BranchMark.prefix) else { return nil }
        let turn = turns[update.reference] ?? marks[update.reference]?.turn ?? 0
        return BranchMark.update(
            update.reference,
            BranchMark(head: update.target, turn: turn)
        )
    }

    /// Empties the journal down to the marks, once everything in it is published.
    private func clearJournal(by signature: Signature) throws(GitError) {
        let journal = try openJournal()
        for update in updates.compactMap(mark) { marks[update.reference] = BranchMark(update) }
        turns = [:]
        let standing = marks.sorted { $0.key < $1.key }
            .map { BranchMark.update($0.key, $0.value) }
        try journal.clear(
            to: standing.isEmpty
                ? nil : JournalRecord(signature: signature, updates: standing, items: [])
        )
        hasKept = false
    }

    private func move(by signature: Signature) throws(GitError) -> RefOutcome {
        guard !updates.isEmpty else { return .moved }
        return try repository.update(updates, by: signature, isDurable: isDurable)
    }

    /// Makes sure that what references now stand for is stored, writing it again if somebody
    /// removed it between the writing and the moving.
    private func requireStored(_ pack: PackName) throws(GitError) {
        for _ in 0..<Self.rewriteLimit {
            if try repository.objects.isComplete(pack) { return }
            // Git may have put the objects into a pack of its own; libgit2 must not answer from
            // one that is gone.
            try repository.releaseCaches()
            var isWhole = true
            for item in batch.items where isWhole { isWhole = try repository.contains(item.id) }
            if isWhole { return }
            try repository.objects.write(batch, isDurable: isDurable)
        }
        throw GitError.corrupt(
            "publish",
            at: repository.commonFolder,
            "somebody removes new objects again and again"
        )
    }

    /// How often objects that vanish are written again.
    private static let rewriteLimit = 5

    /// Leaves out the moves of references that stand where they were to go; true if there were any.
    fileprivate func leaveOutMoved() throws(GitError) -> Bool {
        var waiting: [RefUpdate] = []
        for update in updates {
            if try repository.reference(update.reference) != update.target {
                waiting.append(update)
            } else if let mark = mark(update) {
                marks[update.reference] = BranchMark(mark)
            }
        }
        defer { updates = waiting }
        return waiting.count < updates.count
    }

    /// Takes up what a killed process had kept.
    fileprivate func take(_ records: [JournalRecord]) {
        for record in records {
            for item in record.items { batch.add(item.content, item.kind) }
            for update in record.updates where BranchMark(update) == nil { add(update) }
            for update in record.updates {
                if let mark = BranchMark(update) { turns[update.reference] = mark.turn }
            }
        }
        hasKept = !updates.isEmpty
    }

    private static func join(_ update: RefUpdate, to updates: inout [RefUpdate]) {
        guard let index = updates.firstIndex(where: { $0.reference == update.reference }) else {
            updates.append(update)
            return
        }
        // A move that does not go on from the one that waits takes its place: it names the value
        // that somebody else gave the reference meanwhile.
        let goesOn = update.expected == updates[index].target
        updates[index] = RefUpdate(
            reference: update.reference,
            to: update.target,
            expecting: goesOn ? updates[index].expected : update.expected,
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
        guard let kept = try keptPublication() else { return .moved }
        return try kept.publisher.publish(by: kept.signature)
    }

    /// What a killed process had kept in the journal, ready to be published; nil for nothing.
    ///
    /// Moves of references that were made already are left out. The journal keeps it all until
    /// then.
    public func keptPublication() throws(GitError) -> (
        publisher: Publisher, signature: Signature
    )? {
        guard try Files.exists(journalPath, "recover a publication") else { return nil }
        let records = try PublicationJournal(journalPath).records()
        guard let signature = records.last?.signature else { return nil }
        let publisher = Publisher(self, isDurable: true)
        publisher.take(records)
        // A kill between two renames leaves some references moved already.
        _ = try publisher.leaveOutMoved()
        return (publisher, signature)
    }

    /// Forgets what the journal holds, and where branches were left.
    public func dropPublication() throws(GitError) {
        guard try Files.exists(journalPath, "drop a publication") else { return }
        try PublicationJournal(journalPath).clear()
    }
}
