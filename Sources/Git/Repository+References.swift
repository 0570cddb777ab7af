// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// The commit that a full reference name stands for; nil when there is none.
    ///
    /// - Throws: `.corrupt` when the reference file is damaged, for example empty.
    public func reference(_ name: String) throws(GitError) -> ObjectID? {
        try references.load(name)
    }

    /// All references whose names begin with a prefix such as `refs/heads/agents/`, sorted.
    public func references(
        withPrefix prefix: String
    ) throws(GitError) -> [(name: String, id: ObjectID)] {
        guard prefix.hasPrefix("refs/") else {
            throw GitError(.invalid, "list references", at: prefix, "it must begin with refs/")
        }
        return try references.list(prefix: prefix)
    }

    /// The branch that the main work tree has checked out, such as `main`, even before its first
    /// commit; nil when a commit is checked out without a branch.
    public func headBranch() throws(GitError) -> String? {
        try branch(inHeadAt: Path.join(commonFolder, "HEAD"))
    }

    /// Moves one reference, only if it still has the expected value.
    ///
    /// - Parameters:
    ///   - reference: The full name.
    ///   - target: The commit it shall stand for; must be stored already.
    ///   - expected: The value it must have now; nil when it must not exist.
    ///   - signature: Who moves it, for the reflog.
    ///   - message: The line for the reflog; nil writes none.
    ///   - isDurable: Whether to wait until the move is on the disk.
    /// - Returns: Whether it moved; another value than expected is not an error.
    /// - Throws: `.locked` naming the lock file when another process holds it or died holding it:
    ///   try again a little later. `.exists` when the name is a folder of other names.
    @discardableResult
    public func update(
        reference: String,
        to target: ObjectID,
        expecting expected: ObjectID?,
        by signature: Signature,
        message: String?,
        isDurable: Bool
    ) throws(GitError) -> RefOutcome {
        let update = RefUpdate(
            reference: reference,
            to: target,
            expecting: expected,
            message: message
        )
        return try references.update([update], by: signature, isDurable: isDurable)
    }

    /// Moves several references, all or none, apart from a kill between two renames.
    public func update(
        _ updates: [RefUpdate],
        by signature: Signature,
        isDurable: Bool
    ) throws(GitError) -> RefOutcome {
        let names = Set(updates.map(\.reference))
        guard names.count == updates.count else {
            throw GitError(.invalid, "move references", "one of them is named twice")
        }
        return try references.update(updates, by: signature, isDurable: isDurable)
    }

    /// Removes a reference and its reflog, only if it still has the expected value.
    @discardableResult
    public func deleteReference(
        _ name: String,
        expecting expected: ObjectID
    ) throws(GitError) -> RefOutcome {
        try references.delete(name, expecting: expected)
    }

    /// Whether a branch can have a name, which `HEAD`, `@` and `-x` cannot be.
    public static func isBranchName(_ branch: String) -> Bool { ReferenceName.isBranch(branch) }

    /// Makes a branch that stands for a commit.
    ///
    /// As ``createBranches(_:at:by:)`` with a single one.
    public func createBranch(
        _ branch: String,
        at commit: ObjectID,
        by signature: Signature
    ) throws(GitError) {
        try createBranches([branch], at: commit, by: signature)
    }

    /// Makes branches that stand for one commit, all or none.
    ///
    /// - Throws: `.exists` when there is one of a name, `.notFound` when the commit is missing,
    ///   `.invalid` for a name that git would refuse.
    public func createBranches(
        _ branches: [String],
        at commit: ObjectID,
        by signature: Signature
    ) throws(GitError) {
        for branch in branches where !Self.isBranchName(branch) {
            throw GitError(.invalid, "create branch", at: branch, "not a valid name for a branch")
        }
        _ = try self.commit(commit)
        let updates = branches.map {
            RefUpdate(
                reference: "refs/heads/" + $0,
                to: commit,
                expecting: nil,
                message: "branch: created"
            )
        }
        let outcome = try update(updates, by: signature, isDurable: true)
        if case .changedMeanwhile(let reference, _) = outcome {
            let branch = String(reference.dropFirst("refs/heads/".count))
            throw GitError(.exists, "create branch", at: branch, "there is one of that name")
        }
    }

    /// Removes what a killed desk left behind: its own drafts of packs and worktrees, its claim on
    /// garbage collection, and its lock files of references, indexes and settings.
    ///
    /// A lock file of somebody else's stays, whoever holds it. Call it at the start, while holding
    /// the desk's lock: no other writer of ours may be alive.
    ///
    /// - Returns: The names of the removed files.
    @discardableResult
    public func sweepStaleFiles() throws(GitError) -> [String] {
        let operation = "sweep stale files"
        let folders = ["refs", "worktrees"]
        var removed = try objects.sweep() + references.sweepLocks(below: folders)
        for name in ["packed-refs.lock", "config.lock", "gc.pid.lock"] {
            let lock = Path.join(commonFolder, name)
            guard Files.isMarked(lock), try Files.remove(lock, operation) else { continue }
            removed.append(name)
        }
        try references.dropSpares()
        removed += try CollectionHold.sweep(commonFolder: commonFolder)
        return try removed + sweepWorktreeDrafts()
    }

    /// Reads a `HEAD` file: the branch it names, or nil when it holds a commit id.
    func branch(inHeadAt path: String) throws(GitError) -> String? {
        let operation = "read HEAD"
        guard let text = try Files.load(path, operation)?.text.trimmingSpaces else {
            throw GitError(.notFound, operation, at: path, "no such file")
        }
        if ObjectID(hex: text) != nil { return nil }
        guard text.hasPrefix("ref: refs/heads/") else {
            throw GitError.corrupt(operation, at: path, "neither a branch nor an object id")
        }
        return String(text.dropFirst(16))
    }
}
