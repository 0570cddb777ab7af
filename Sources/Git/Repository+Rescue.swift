// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// Saves what a worktree holds beyond its branch, before it is restored or removed.
    ///
    /// The saved commit holds changed and untracked files, but not ignored ones, and the index if
    /// that differs from the head. It is dated like the head, so the same work gives the same id,
    /// and doing it twice does no harm. It is on the disk and has been read back on return.
    ///
    /// - Parameters:
    ///   - name: The worktree.
    ///   - agent: The part of the reference between `refs/rescue/` and the id.
    ///   - reason: Why it is saved, as one clause for the message of the commit.
    /// - Returns: Nil when nothing differs from the head, or the folder is gone.
    /// - Throws: `.tooLarge` for more files, bytes or nested folders than a rescue takes.
    public func rescue(
        worktree name: String,
        agent: String,
        reason: String = "it held changes that nobody had committed"
    ) throws(GitError) -> RescueResult? {
        let operation = "rescue a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        try ReferenceName.require("refs/rescue/\(agent)/id", operation)
        let head = try headCommit(of: record)
        let entries = try entries(of: record, operation)
        var paths: Set<String> = []
        var batch = ObjectBatch()
        let author = Signature.rescue(seconds: head?.author.seconds ?? 0)
        var parents = head.map { [$0.id] } ?? []
        if let index = try indexTree(record, entries, head?.tree, &paths, &batch) {
            let message = "Index of \(name)"
            parents.append(
                batch.addCommit(tree: index, parents: parents, author: author, message: message)
            )
        }
        var unknown: [String: ObjectID] = [:]
        let tree = try diskTree(record, entries, head?.tree, &paths, &unknown, &batch)
        if parents.count < 2, try areSaved(paths, unknown, of: agent) { return nil }
        guard !paths.isEmpty else { return nil }
        let message = RescueNote(agent: agent, reason: reason, head: head?.id).message
        let commit = batch.addCommit(
            tree: tree,
            parents: parents,
            author: author,
            message: message
        )
        let reference = "refs/rescue/\(agent)/\(commit.description.prefix(16))"
        try keep(batch, commit, as: reference, author, operation)
        return RescueResult(reference: reference, commit: commit, paths: paths.sorted())
    }

    /// Saves a commit that nothing else may refer to any longer on a rescue ref.
    ///
    /// - Returns: The name of the ref; the same commit and note always give the same one.
    public func saveAside(
        _ head: ObjectID,
        tree: ObjectID,
        as note: RescueNote,
        seconds: Int64
    ) throws(GitError) -> String {
        let author = Signature.rescue(seconds: seconds)
        var batch = ObjectBatch()
        let commit = batch.addCommit(
            tree: tree,
            parents: [head],
            author: author,
            message: note.message
        )
        let reference = "refs/rescue/\(note.agent)/\(commit.description.prefix(16))"
        try keep(batch, commit, as: reference, author, "save a commit")
        return reference
    }

    /// Lists the files by which a worktree or its index differs from its branch, sorted; ignored
    /// files do not count.
    public func worktreeChanges(_ name: String) throws(GitError) -> [String] {
        let operation = "compare a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let tree = try headCommit(of: record)?.tree
        let entries = try entries(of: record, operation)
        var paths: Set<String> = []
        var batch = ObjectBatch()
        let index = try indexTree(record, entries, tree, &paths, &batch)
        var unknown: [String: ObjectID] = [:]
        _ = try diskTree(record, entries, tree, &paths, &unknown, &batch)
        if index == nil, try areSaved(paths, unknown, of: name) { return [] }
        return paths.sorted()
    }

    /// The tree that the index of a worktree was last written from; nil when that is not known.
    public func indexedTree(of name: String) throws(GitError) -> ObjectID? {
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, "read an index")
        return try olderTree(of: record, than: nil)
    }

    /// Whether nothing differs but files that git does not know and that were saved before.
    ///
    /// Such files stay where they are, so they are found again and again.
    private func areSaved(
        _ paths: Set<String>,
        _ unknown: [String: ObjectID],
        of agent: String
    ) throws(GitError) -> Bool {
        guard !paths.isEmpty, paths.count == unknown.count else { return false }
        var missing = unknown
        for (name, id) in try references(withPrefix: "refs/rescue/\(agent)/")
        where !missing.isEmpty && !name.hasSuffix("/archive") {
            let saved = try commit(id).tree
            for (path, content) in missing
            where try entry(atPath: path, in: saved)?.id == content {
                missing[path] = nil
            }
        }
        return missing.isEmpty
    }

    private func headCommit(of record: WorktreeRecord) throws(GitError) -> Commit? {
        guard let id = try head(of: record) else { return nil }
        return try commit(id)
    }

    private func keep(
        _ batch: ObjectBatch,
        _ commit: ObjectID,
        as reference: String,
        _ author: Signature,
        _ operation: String
    ) throws(GitError) {
        try objects.write(batch, isDurable: true)
        if try self.reference(reference) != commit {
            let outcome = try update(
                reference: reference,
                to: commit,
                expecting: nil,
                by: author,
                message: nil,
                isDurable: true
            )
            guard outcome == .moved else {
                let reason = "it has another value already"
                throw GitError(.changedMeanwhile, operation, at: reference, reason)
            }
        }
        for item in batch.items {
            guard try load(item.id, item.kind) == item.content else {
                throw GitError.corrupt(operation, at: reference, "\(item.id) reads back changed")
            }
        }
        guard try self.reference(reference) == commit else {
            throw GitError.corrupt(operation, at: reference, "the reference reads back changed")
        }
    }

    /// The tree of the branch with what the disk holds instead.
    private func diskTree(
        _ record: WorktreeRecord,
        _ entries: [IndexFile.Entry],
        _ tree: ObjectID?,
        _ paths: inout Set<String>,
        _ unknown: inout [String: ObjectID],
        _ batch: inout ObjectBatch
    ) throws(GitError) -> ObjectID {
        var editor = try TreeEditor(self, tree: tree)
        let operation = "scan a worktree"
        let folder = try record.path(operation)
        // A folder that somebody removed holds nothing to save; it can simply be repaired.
        guard try Files.isFolder(folder, operation) else {
            return try editor.write(into: &batch)
        }
        var tracked: [[UInt8]: IndexFile.Entry] = [:]
        for entry in entries { tracked[entry.path] = entry }
        let files = try filesOnDisk(of: record, at: folder, tracked: Set(tracked.keys))
        // What is merely older than the branch is nobody's work.
        let older = try olderTree(of: record, than: tree)
        for (path, file) in files.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let id = ObjectID(hashing: file.bytes, kind: .blob)
            if let known = tracked[path], known.id == id, known.mode == file.mode { continue }
            if let older, let was = try entry(atPath: path.text, in: older), was.id == id,
                was.mode == file.mode
            {
                continue
            }
            let parts = path.split(separator: 0x2F).map { Array($0) }
            try editor.set(parts: parts[...], mode: file.mode, content: file.bytes)
            paths.insert(path.text)
            if tracked[path] == nil { unknown[path.text] = id }
        }
        for entry in entries where !entry.isSkipped && files[entry.path] == nil {
            if let older, try self.entry(atPath: entry.path.text, in: older) == nil { continue }
            let parts = entry.path.split(separator: 0x2F).map { Array($0) }
            // A file of the same name as a tracked folder has replaced it already.
            try editor.remove(parts: parts[...])
            paths.insert(entry.path.text)
        }
        return try editor.write(into: &batch)
    }

    /// The tree that a worktree was last written from; nil if that is the one of its head.
    private func olderTree(
        of record: WorktreeRecord,
        than tree: ObjectID?
    ) throws(GitError) -> ObjectID? {
        let text = try Files.load(record.indexBase, "read an index")?.text.trimmingSpaces
        guard let older = text.flatMap({ ObjectID(hex: $0) }), older != tree else { return nil }
        return try contains(older) ? older : nil
    }

    /// The tree that the index describes; nil when it is that of the head, or there is no index.
    private func indexTree(
        _ record: WorktreeRecord,
        _ entries: [IndexFile.Entry],
        _ tree: ObjectID?,
        _ paths: inout Set<String>,
        _ batch: inout ObjectBatch
    ) throws(GitError) -> ObjectID? {
        guard let staged = try loadIndex(record.index) else { return nil }
        // An index may be older than the branch: only what differs from both is somebody's.
        var known: [[UInt8]: IndexFile.Entry] = [:]
        for entry in entries { known[entry.path] = entry }
        var missing: [[UInt8]: IndexFile.Entry] = [:]
        for entry in try indexBase(of: record, orElse: entries, "read an index") {
            missing[entry.path] = entry
        }
        var editor = try TreeEditor(self, tree: tree)
        for entry in staged {
            let versions = [known[entry.path], missing.removeValue(forKey: entry.path)]
            if versions.contains(where: { $0?.id == entry.id && $0?.mode == entry.mode }) {
                continue
            }
            // What was never stored cannot be kept; the file itself is saved with the disk.
            guard try contains(entry.id) else { continue }
            let parts = entry.path.split(separator: 0x2F).map { Array($0) }
            guard parts.allSatisfy(Path.isAllowed) else { continue }
            try editor.set(parts: parts[...], mode: entry.mode, blob: entry.id)
            paths.insert(entry.path.text)
        }
        for path in missing.keys.sorted(by: { $0.lexicographicallyPrecedes($1) })
        where known[path] != nil {
            try editor.remove(parts: path.split(separator: 0x2F).map { Array($0) }[...])
            paths.insert(path.text)
        }
        let result = try editor.write(into: &batch)
        return result == tree ? nil : result
    }
}
