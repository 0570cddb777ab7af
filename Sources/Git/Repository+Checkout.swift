// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Glibc
import Synchronization

extension Repository {
    /// The largest visible file that is compared with the disk.
    static let visibleFileLimitBytes = 256 << 20

    /// Puts the visible files of a worktree, and its index, back to the head of its branch.
    ///
    /// Only files that differ are written. Files that git does not know are left alone.
    ///
    /// - Returns: The files that were written, sorted.
    @discardableResult
    public func restore(worktree name: String) throws(GitError) -> [String] {
        let operation = "restore a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let path = try record.path(operation)
        // It is not waited for, so a power cut can leave it empty.
        if try Files.isFolder(path, operation) { try point(path, to: record, operation) }
        var files = FileListing()
        return try checkOut(record, &files, operation)
    }

    /// Puts the visible files of a worktree back to the head of its branch, and nothing else.
    ///
    /// Costs the same however much the branch holds, because the index, which lists all of it, is
    /// left as it is; ``refreshIndex(of:)`` makes `git status` right again.
    ///
    /// - Returns: The files that were written, sorted.
    @discardableResult
    public func restoreFiles(of name: String) throws(GitError) -> [String] {
        let operation = "restore a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        guard let head = try head(of: record) else { return [] }
        let path = try record.path(operation)
        if try Files.isFolder(path, operation) { try point(path, to: record, operation) }
        let visibility = try record.visibility(operation)
        var entries: [IndexFile.Entry] = []
        try flatten(try commit(head).tree, below: [], visibility, &entries)
        let root = try Folder(path: path, operation)
        var written: [String] = []
        for entry in entries where try place(entry, below: root, operation).changed {
            written.append(entry.path.text)
        }
        return written
    }

    /// Writes the index of a worktree anew, after its branch has moved.
    ///
    /// Reads folders of the branch but no file, neither of the branch nor on the disk: the next
    /// `git status` compares the few visible files itself and finds those that differ.
    public func refreshIndex(of name: String) throws(GitError) {
        let operation = "refresh an index"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        try writeIndex(try entries(of: record, operation), record, operation)
    }

    /// Writes the visible files that differ, or with `keepsFiles` those that are not there, and the
    /// index, and tells which were written.
    ///
    /// What is listed already is not listed again; worktrees of one commit share it.
    func checkOut(
        _ record: WorktreeRecord,
        _ files: inout FileListing,
        keepsFiles: Bool = false,
        _ operation: String
    ) throws(GitError) -> [String] {
        var entries = try entries(of: record, &files, operation)
        let path = try record.path(operation)
        let root = try Folder(path: path, operation)
        var written: [String] = []
        for position in entries.indices where !entries[position].isSkipped {
            let entry = entries[position]
            if keepsFiles, try Files.exists(Path.join(path, entry.path.text), operation) {
                continue
            }
            let isWritten = try place(entry, below: root, operation)
            entries[position].seen = isWritten.seen
            if isWritten.changed { written.append(entry.path.text) }
        }
        try writeIndex(entries, record, operation)
        try record.release(operation)
        return written
    }

    /// All files of the branch of a worktree, in the order of an index.
    ///
    /// Without a record of what is visible, as in a worktree that plain git added, all is.
    func entries(
        of record: WorktreeRecord,
        _ operation: String
    ) throws(GitError) -> [IndexFile.Entry] {
        var files = FileListing()
        return try entries(of: record, &files, operation)
    }

    private func entries(
        of record: WorktreeRecord,
        _ files: inout FileListing,
        _ operation: String
    ) throws(GitError) -> [IndexFile.Entry] {
        guard let head = try head(of: record) else { return [] }
        let tree = try commit(head).tree
        if files.tree != tree { files = FileListing(tree: tree, entries: try list(tree)) }
        guard let visibility = try record.visibility(operation) else { return files.entries }
        var entries = files.entries
        for position in entries.indices {
            entries[position].isSkipped = !visibility.shows(entries[position].path)
        }
        return entries
    }

    /// The commit that a worktree stands on; nil before the first commit of its branch.
    func head(of record: WorktreeRecord) throws(GitError) -> ObjectID? {
        if let branch = try branch(inHeadAt: record.head) {
            return try reference("refs/heads/" + branch)
        }
        return ObjectID(hex: try Files.load(record.head, "read HEAD")?.text.trimmingSpaces ?? "")
    }

    /// The files that a worktree's index listed when it was last written; those of its branch if
    /// that is not known.
    func indexBase(
        of record: WorktreeRecord,
        orElse entries: [IndexFile.Entry],
        _ operation: String
    ) throws(GitError) -> [IndexFile.Entry] {
        guard let text = try Files.load(record.indexBase, operation)?.text.trimmingSpaces,
            let tree = ObjectID(hex: text), try contains(tree)
        else { return entries }
        return try list(tree)
    }

    /// All files of a tree, in the order of an index.
    private func list(_ tree: ObjectID) throws(GitError) -> [IndexFile.Entry] {
        var entries: [IndexFile.Entry] = []
        try flatten(tree, below: [], nil, &entries)
        return entries
    }

    /// Adds the files below a folder, of which only the visible ones if there is a visibility.
    private func flatten(
        _ tree: ObjectID,
        below prefix: [UInt8],
        _ visibility: Visibility?,
        _ entries: inout [IndexFile.Entry]
    ) throws(GitError) {
        for slot in try loadNode(tree).slots {
            let path = prefix + slot.name
            if visibility?.leadsOn(path) == false { continue }
            if slot.mode == .tree {
                try flatten(slot.id, below: path + [0x2F], visibility, &entries)
            } else {
                entries.append(IndexFile.Entry(path: path, mode: slot.mode, id: slot.id))
            }
        }
    }

    private func place(
        _ entry: IndexFile.Entry,
        below root: borrowing Folder,
        _ operation: String
    ) throws(GitError) -> (seen: IndexFile.Seen?, changed: Bool) {
        let parts = entry.path.split(separator: 0x2F).map { Array($0) }
        if parts.count == 1 { return try place(entry, parts[0], in: root, operation) }
        return try place(
            entry,
            parts[...],
            in: try root.requireChild(parts[0], operation),
            operation
        )
    }

    private func place(
        _ entry: IndexFile.Entry,
        _ parts: ArraySlice<[UInt8]>,
        in folder: borrowing Folder,
        _ operation: String
    ) throws(GitError) -> (seen: IndexFile.Seen?, changed: Bool) {
        let rest = parts.dropFirst()
        guard let name = rest.first else { return (nil, false) }
        if rest.count == 1 { return try place(entry, name, in: folder, operation) }
        return try place(
            entry,
            rest,
            in: try folder.requireChild(name, operation),
            operation
        )
    }

    private func place(
        _ entry: IndexFile.Entry,
        _ name: [UInt8],
        in folder: borrowing Folder,
        _ operation: String
    ) throws(GitError) -> (seen: IndexFile.Seen?, changed: Bool) {
        let limit = Self.visibleFileLimitBytes
        let before = try folder.status(name, operation)
        if before.map({ Int($0.st_size) <= limit }) == true,
            let found = try folder.load(name, limitBytes: limit, operation),
            found.mode == entry.mode,
            ObjectID(hashing: found.bytes, kind: .blob) == entry.id
        {
            return (before.map { IndexFile.Seen($0) }, false)
        }
        let content = try blob(entry.id)
        let after = try folder.write(name, entry.mode, content, operation)
        return (IndexFile.Seen(after), true)
    }

    private func writeIndex(
        _ entries: [IndexFile.Entry],
        _ record: WorktreeRecord,
        _ operation: String
    ) throws(GitError) {
        guard try Files.isFolder(record.folder, operation) else {
            throw GitError(.notFound, operation, at: record.name, "no such worktree")
        }
        // The lock of git itself, so that a `git status` in the worktree does not interfere.
        let lock = record.index + ".lock"
        do {
            let bytes = IndexFile(entries: entries).encoded()
            try Files.create(lock, bytes, mode: Files.ownMark | 0o666, operation)
        } catch {
            guard error.code == .exists else { throw error }
            let reason = "\(lock) is held by another process or was left by one that died"
            throw GitError(.locked, operation, at: record.name, reason)
        }
        // What the index was written for, so that what somebody stages can be told from what is
        // merely older than the branch.
        if let head = try head(of: record) {
            let tree = try commit(head).tree
            try Files.replace(record.indexBase, Array("\(tree)\n".utf8), operation)
        }
        let written = try Files.status(lock, operation)
        try Files.move(lock, to: record.index, operation)
        // Entries of ours never lead elsewhere, so there is no need to read them all again.
        if let now = try Files.status(record.index, operation), now.st_ino == written?.st_ino {
            ownIndexes.withLock { $0[record.index] = FileStamp(now) }
        }
    }
}
