// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where the parts of one linked worktree are.
///
/// The record below `.git/worktrees` is the truth; the `.git` file in the worktree, which an agent
/// might reach, is written but never followed.
struct WorktreeRecord: Sendable {
    let name: String
    /// The folder of the record.
    let folder: String

    init(name: String, commonFolder: String, _ operation: String) throws(GitError) {
        let bytes = Array(name.utf8)
        guard Path.isAllowed(bytes), !name.hasPrefix("."), !name.hasSuffix(".lock"),
            ReferenceName.isValid("refs/heads/" + name)
        else {
            throw GitError(.invalid, operation, at: name, "not a valid name for a worktree")
        }
        self.name = name
        folder = Path.join(commonFolder, "worktrees/" + name)
    }

    var head: String { Path.join(folder, "HEAD") }
    var index: String { Path.join(folder, "index") }
    var indexBase: String { Path.join(folder, "loopdesk-index") }
    var visible: String { Path.join(folder, "loopdesk-visible") }
    private var locked: String { Path.join(folder, "locked") }

    /// The folder of the worktree.
    ///
    /// - Throws: `.notFound` when there is no such record.
    func path(_ operation: String) throws(GitError) -> String {
        let file = Path.join(folder, "gitdir")
        guard let text = try Files.load(file, operation)?.text.trimmingSpaces, !text.isEmpty else {
            throw GitError(.notFound, operation, at: name, "no such worktree")
        }
        return Path.parent(of: text)
    }

    func visibility(_ operation: String) throws(GitError) -> Visibility? {
        guard let bytes = try Files.load(visible, operation) else { return nil }
        return try Visibility(recorded: bytes, operation)
    }

    /// Lets git prune the worktree once it is whole, unless somebody else has locked it.
    func release(_ operation: String) throws(GitError) {
        guard try isUnfinished(operation) else { return }
        try Files.remove(locked, operation)
    }

    func isUnfinished(_ operation: String) throws(GitError) -> Bool {
        try Files.load(locked, operation) == WorktreeDraft.reason
    }
}
