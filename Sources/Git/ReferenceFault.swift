// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What keeps a reference from standing for a commit that can be read.
public enum ReferenceFault: Hashable, Sendable {
    /// It is a link to another reference, so whoever moves one would move the other.
    case link(to: String)
    /// Its file, of this path below the repository's folder, holds no object id.
    case unreadable(path: String)
    /// The commit that it stands for is stored nowhere.
    case gone(ObjectID)
    /// There is none, and another reference takes its name as a folder.
    case taken(by: String)
}

extension Repository {
    /// What is wrong with a reference; nil when it stands for a stored commit, or is not there and
    /// can be made.
    ///
    /// - Throws: `.io` when the disk or a pack cannot be read.
    public func fault(of reference: String) throws(GitError) -> ReferenceFault? {
        let file = references.path(reference)
        if let bytes = try Files.load(file, "look at a reference") {
            let text = bytes.text.trimmingSpaces
            if text.hasPrefix("ref:") {
                return .link(to: text.dropFirst(4).trimmingSpaces)
            }
            guard ObjectID(hex: text) != nil else {
                return .unreadable(path: Path.join(".git", reference))
            }
        }
        guard let id = try references.load(reference) else {
            return try references.firstName(below: reference).map { .taken(by: $0) }
        }
        return try isGone(id) ? .gone(id) : nil
    }

    /// Whether git can read the index of a worktree; one that is not there can be made.
    public func hasReadableIndex(of worktree: String) throws(GitError) -> Bool {
        let operation = "look at an index"
        let record = try WorktreeRecord(name: worktree, commonFolder: commonFolder, operation)
        guard let bytes = try Files.load(record.index, operation) else { return true }
        return IndexFile.soundness(of: bytes) != .damaged
    }

    /// Whether `HEAD` of the main work tree names a branch or holds a commit.
    public func hasReadableHead() throws(GitError) -> Bool {
        let bytes = try Files.load(Path.join(commonFolder, "HEAD"), "look at HEAD") ?? []
        let text = bytes.text.trimmingSpaces
        return text.hasPrefix("ref: refs/") || ObjectID(hex: text) != nil
    }

    /// Whether git can read the index of the main work tree; one that is not there can be made.
    public func hasReadableIndex() throws(GitError) -> Bool {
        let file = Path.join(commonFolder, "index")
        guard let bytes = try Files.load(file, "look at the index") else { return true }
        return IndexFile.soundness(of: bytes) != .damaged
    }

    /// Whether a setting says that there is no work tree.
    public func isBare() throws(GitError) -> Bool {
        let value = try configuration("core.bare")?.lowercased()
        return value.map { ["true", "yes", "on", "1"].contains($0) } ?? false
    }

    /// Whether the repository was cloned without all of its history.
    public func isShallow() throws(GitError) -> Bool {
        let path = Path.join(commonFolder, "shallow")
        return try Files.load(path, "look for a shallow history")?.isEmpty == false
    }
}

extension GitError {
    /// Whether something that is stored could not be read, rather than a file or a name.
    public var isAboutObjects: Bool {
        if operation == "read the status" { return code == .notFound }
        let reads = ["read a commit", "read a tree", "read a blob", "list commits"]
        return reads.contains(operation) && code != .invalid && code != .io
    }
}

extension ReferenceStore {
    /// The first name of a reference that has another as its folder, in the order of names.
    fileprivate func firstName(below reference: String) throws(GitError) -> String? {
        try list(prefix: reference + "/").first?.name
    }
}
