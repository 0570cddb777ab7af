// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Synchronization

extension Repository {
    /// Puts back what tells plain git where a worktree belongs and which settings hold in it.
    ///
    /// Looks at the record of the worktree and at its `.git` file. A `config.worktree` is moved
    /// aside, since a desk makes none and git would take programs to run from it. An index that
    /// points into other repositories is written anew: git would run programs named in their
    /// settings.
    ///
    /// - Parameters:
    ///   - name: The worktree.
    ///   - path: Its folder; whatever stands there in place of the `.git` file must be gone.
    /// - Returns: What was put back, in words for a person; empty when all was as the desk made it.
    /// - Throws: `.locked` when somebody holds the lock of the index.
    public func sealWorktree(_ name: String, at path: String) throws(GitError) -> [String] {
        let operation = "seal a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        guard try Files.isFolder(record.folder, operation) else { return [] }
        var restored: [String] = []
        let settings = Path.join(record.folder, "config.worktree")
        if try Files.exists(settings, operation) {
            try Files.move(settings, to: settings + ".defused", operation)
            restored.append("config.worktree of git's record")
        }
        let common = Path.join(record.folder, "commondir")
        let folder = try Folder(path: record.folder, operation)
        let found = try folder.load(Array("commondir".utf8), limitBytes: 1 << 16, operation)
        if found?.mode == .link || found?.bytes.text.trimmingSpaces != "../.." {
            try folder.removeTree(Array("commondir".utf8), operation)
            try Files.replace(common, Array("../..\n".utf8), operation)
            restored.append("commondir of git's record")
        }
        let worktree = try Folder(path: path, operation)
        let pointer = try worktree.load(Array(".git".utf8), limitBytes: 1 << 16, operation)
        if pointer?.mode == .link || pointer?.bytes.text.trimmingSpaces != self.pointer(to: name) {
            try point(path, to: record, operation)
            restored.append(".git")
        }
        if try hasForeignEntries(record.index, operation) {
            try refreshIndex(of: name)
            restored.append("index of git's record")
        }
        return restored
    }

    /// What the `.git` file of a worktree says, without the line feed at its end.
    public func pointer(to worktree: String) -> String {
        "gitdir: \(Path.join(commonFolder, "worktrees/\(worktree)"))"
    }

    /// Whether settings of single worktrees are switched on, which a desk refuses.
    ///
    /// With them, git takes the programs that it runs from a file beside an agent's index.
    public func hasWorktreeSettings() throws(GitError) -> Bool {
        let value = try configuration("extensions.worktreeConfig")?.lowercased()
        return value.map { !["false", "no", "off", "0"].contains($0) } ?? false
    }

    /// Whether an index points into other repositories.
    ///
    /// One in which there was nothing of the kind is not read again until somebody writes it: an
    /// index lists every file of the desk, and this is asked after each turn.
    private func hasForeignEntries(_ path: String, _ operation: String) throws(GitError) -> Bool {
        guard let status = try Files.status(path, operation) else { return false }
        let stamp = FileStamp(status)
        guard ownIndexes.withLock({ $0[path] }) != stamp else { return false }
        guard let bytes = try Files.load(path, operation),
            IndexFile.soundness(of: bytes) != .damaged
        else { return false }
        let index: Owned<IndexKind>
        do {
            index = try unsafe LibGit.take(IndexKind.self, operation, at: path) { out in
                unsafe git_index_open(&out, path)
            }
        } catch {
            // What libgit2 cannot read is written anew when the worktree is next put back.
            return false
        }
        for position in 0..<(unsafe git_index_entrycount(index.pointer)) {
            guard let entry = unsafe git_index_get_byindex(index.pointer, position) else {
                continue
            }
            if unsafe entry.pointee.mode == GIT_FILEMODE_COMMIT.rawValue { return true }
        }
        ownIndexes.withLock { $0[path] = stamp }
        return false
    }
}
