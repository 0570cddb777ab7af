// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// Points a worktree's record to another folder, for a repository that was moved or copied
    /// together with its worktrees.
    ///
    /// The folder that the record pointed to is not touched: it may belong to the original. In the
    /// new one, if it is there, only the `.git` file is written.
    /// - Throws: `.notFound` when there is no such worktree, `.invalid` for a relative path.
    public func relocateWorktree(_ name: String, to path: String) throws(GitError) {
        let operation = "relocate a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        guard path.hasPrefix("/"), !path.contains("\n") else {
            throw GitError(.invalid, operation, at: path, "the path must be absolute")
        }
        _ = try record.path(operation)
        let place = Path.trimmed(path)
        if try Files.isFolder(place, operation) {
            let pointer = Array("gitdir: \(record.folder)\n".utf8)
            try Folder(path: place, operation).keepRepository(operation)
            try Files.replace(Path.join(place, ".git"), pointer, operation)
        }
        // Last, so that a relocation cut short can be done again.
        try Files.replace(
            Path.join(record.folder, "gitdir"),
            Array("\(place)/.git\n".utf8),
            operation
        )
    }
}
