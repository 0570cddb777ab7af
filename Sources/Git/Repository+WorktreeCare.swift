// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Repository {
    /// Registers a folder as a worktree without touching a file in it, apart from `.git`.
    ///
    /// For a worktree whose record somebody removed: what it holds can be rescued and put back
    /// afterwards.
    public func adoptWorktree(
        name: String,
        at path: String,
        branch: String,
        visible: [String]
    ) throws(GitError) {
        let operation = "register a worktree"
        let wanted = NewWorktree(name: name, path: path, branch: branch, visible: visible)
        let draft = try WorktreeDraft(wanted, commonFolder: commonFolder, operation)
        let lock = try lockWorktrees(operation)
        defer { lock.release() }
        guard try !Files.exists(draft.record.folder, operation) else {
            throw GitError(.exists, operation, at: name, "there is one of that name")
        }
        try writeRecords([draft], operation)
        try Folder(path: draft.place, operation).keepRepository(operation)
        try Files.replace(
            Path.join(draft.place, ".git"),
            Array("gitdir: \(draft.record.folder)\n".utf8),
            operation
        )
    }

    /// Moves the folder of a worktree to another place on the same file system.
    ///
    /// - Returns: False when the folder cannot be moved there; nothing has changed then.
    public func moveWorktree(_ name: String, to path: String) throws(GitError) -> Bool {
        let operation = "move a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let lock = try lockWorktrees(operation)
        defer { lock.release() }
        let old = try record.path(operation)
        let place = Path.trimmed(path)
        guard try !Files.exists(place, operation), unsafe rename(old, place) == 0 else {
            return false
        }
        let bytes = Array("\(place)/.git\n".utf8)
        try Files.replace(Path.join(record.folder, "gitdir"), bytes, operation)
        return true
    }

    /// True when a folder is this repository's worktree of a name, by its own `.git` file.
    public func isWorktree(_ name: String, at path: String) throws(GitError) -> Bool {
        let operation = "look at a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let pointer = try Files.load(Path.join(Path.trimmed(path), ".git"), operation)
        return pointer?.text.trimmingSpaces == "gitdir: \(record.folder)"
    }

    /// The names of what somebody has under way in a worktree, such as a merge; sorted.
    public func operationsUnderWay(in name: String) throws(GitError) -> [String] {
        let operation = "look at a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        var found: [String] = []
        for file in Self.operationFiles
        where try Files.exists(Path.join(record.folder, file), operation) {
            found.append(file)
        }
        return found
    }

    /// Makes a worktree stand on a branch with nothing under way; its files and index stay.
    ///
    /// - Parameters:
    ///   - name: The worktree.
    ///   - branch: The branch, without `refs/heads/`.
    ///   - save: Called with the commit that it stands on without a branch, if it does; nobody can
    ///     move its head meanwhile.
    /// - Throws: `.locked` when somebody is moving its head right now, and what `save` throws.
    public func attachWorktree(
        _ name: String,
        to branch: String,
        saving save: (ObjectID) throws(GitError) -> Void = { _ in }
    ) throws(GitError) {
        let operation = "put a worktree back on its branch"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let folder = try Folder(path: record.folder, operation)
        for file in Self.operationFiles
        where try Files.exists(Path.join(record.folder, file), operation) {
            try folder.removeTree(Array(file.utf8), operation)
        }
        let lock = record.head + ".lock"
        do {
            let bytes = Array("ref: refs/heads/\(branch)\n".utf8)
            try Files.create(lock, bytes, mode: Files.ownMark | 0o666, operation)
        } catch {
            guard error.code == .exists else { throw error }
            throw GitError(.locked, operation, at: name, "\(lock) is held by another process")
        }
        // A rename takes the lock away; until then somebody else would wait for it in vain.
        defer { _ = unsafe unlink(lock) }
        let old = try Files.load(record.head, operation)?.text.trimmingSpaces
        if let commit = old.flatMap({ ObjectID(hex: $0) }) { try save(commit) }
        try Files.move(lock, to: record.head, operation)
    }

    /// The lock of a worktree's index, if somebody holds it.
    public func indexLock(of name: String) throws(GitError) -> String? {
        let operation = "look at a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let lock = record.index + ".lock"
        return try Files.exists(lock, operation) ? lock : nil
    }

    private static var operationFiles: [String] {
        [
            "AUTO_MERGE", "BISECT_LOG", "CHERRY_PICK_HEAD", "MERGE_HEAD", "MERGE_MODE",
            "MERGE_MSG", "REBASE_HEAD", "REVERT_HEAD", "rebase-apply", "rebase-merge",
            "sequencer",
        ]
    }
}
