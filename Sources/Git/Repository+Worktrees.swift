// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// Lists the linked worktrees, sorted by name.
    public func worktrees() throws(GitError) -> [Worktree] {
        let operation = "list worktrees"
        var found: [Worktree] = []
        let root = Path.join(commonFolder, "worktrees")
        for name in try Files.names(in: root, operation) {
            let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
            let note = Path.join(record.folder, "gitdir")
            guard try Files.exists(note, operation) else { continue }
            let path = try record.path(operation)
            let branch = try branch(inHeadAt: record.head)
            let isMissing = try !Files.exists(Path.join(path, ".git"), operation)
            found.append(
                Worktree(
                    name: name,
                    path: path,
                    branch: branch,
                    isMissing: isMissing,
                    isUnfinished: try record.isUnfinished(operation)
                )
            )
        }
        return found
    }

    /// Tells which branches are checked out, and in which folder; sorted by branch.
    public func checkedOutBranches() throws(GitError) -> [(branch: String, path: String)] {
        var result: [(branch: String, path: String)] = []
        if let branch = try headBranch() {
            result.append((branch, Path.parent(of: commonFolder)))
        }
        for worktree in try worktrees() {
            if let branch = worktree.branch { result.append((branch, worktree.path)) }
        }
        return result.sorted { ($0.branch, $0.path) < ($1.branch, $1.path) }
    }

    /// Adds a worktree that holds only some paths of a branch on the disk.
    ///
    /// As ``addWorktrees(_:)`` with a single one.
    public func addWorktree(
        name: String,
        at path: String,
        branch: String,
        visible: [String]
    ) throws(GitError) -> Worktree {
        let wanted = NewWorktree(name: name, path: path, branch: branch, visible: visible)
        return try addWorktrees([wanted])[0]
    }

    /// Adds worktrees that hold only some paths of their branches on the disk.
    ///
    /// An index lists the whole branch and marks the rest as deliberately absent, so plain git
    /// finds the worktree clean. One process adds worktrees at a time. Their records are built
    /// aside, flushed together and renamed into place; a kill after that leaves worktrees that
    /// ``completeWorktree(_:)`` completes, and that git does not prune meanwhile.
    ///
    /// - Returns: The new worktrees, in the order in which they were asked for.
    /// - Throws: `.exists` when a name, folder or branch is taken, `.notFound` for a missing
    ///   branch, `.invalid` for a name or path that is not allowed; none was added then.
    public func addWorktrees(_ wanted: [NewWorktree]) throws(GitError) -> [Worktree] {
        let operation = "add a worktree"
        var drafts: [WorktreeDraft] = []
        for one in wanted {
            guard one.path.hasPrefix("/"), !one.path.contains("\n") else {
                throw GitError(.invalid, operation, at: one.path, "the path must be absolute")
            }
            drafts.append(try WorktreeDraft(one, commonFolder: commonFolder, operation))
        }
        let lock = try lockWorktrees(operation)
        defer { lock.release() }
        try requireFree(drafts, operation)
        try writeRecords(drafts, operation)
        var files = FileListing()
        for draft in drafts { try fill(draft.record, at: draft.place, &files, operation) }
        return drafts.map(\.worktree)
    }

    /// Completes a worktree whose making was cut short; what is in its folder stays.
    public func completeWorktree(_ name: String) throws(GitError) {
        let operation = "complete a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let lock = try lockWorktrees(operation)
        defer { lock.release() }
        let place = try record.path(operation)
        var files = FileListing()
        try fill(record, at: place, &files, keepsFiles: true, operation)
    }

    /// Makes a worktree whole again after its folder was removed or damaged by hand.
    ///
    /// - Returns: The visible files that were written, sorted.
    /// - Throws: `.notFound` when there is no such worktree.
    @discardableResult
    public func repairWorktree(_ name: String) throws(GitError) -> [String] {
        let operation = "repair a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let lock = try lockWorktrees(operation)
        defer { lock.release() }
        var files = FileListing()
        return try fill(record, at: try record.path(operation), &files, operation)
    }

    /// Removes a worktree, its record last, so that a removal cut short can be done again.
    ///
    /// - Parameters:
    ///   - name: The name of the record.
    ///   - changesAreRescued: Whether what the worktree holds beyond its branch has been saved.
    /// - Throws: `.dirty` when there are changes that nobody has saved.
    public func removeWorktree(
        _ name: String,
        changesAreRescued: Bool = false
    ) throws(GitError) {
        let operation = "remove a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        let lock = try lockWorktrees(operation)
        defer { lock.release() }
        let path = try record.path(operation)
        if !changesAreRescued, try Files.isFolder(path, operation) {
            let changes = try worktreeChanges(name)
            guard changes.isEmpty else {
                let reason =
                    "\(changes.count) changed files, first \(changes[0]); rescue them first"
                throw GitError(.dirty, operation, at: path, reason)
            }
        }
        try removeWhole(path, operation)
        try removeWhole(record.folder, operation)
    }

    /// Builds the records of worktrees aside and renames them into place.
    func writeRecords(_ drafts: [WorktreeDraft], _ operation: String) throws(GitError) {
        for draft in drafts {
            try removeWhole(draft.folder, operation)
            try Files.makeFolders(draft.folder, within: commonFolder, operation)
            for file in draft.files { try Files.create(file.path, file.bytes, operation) }
        }
        try Files.flushContents(drafts.flatMap { $0.files.map(\.path) }, operation)
        for draft in drafts { try Files.flushFolder(draft.folder, operation) }
        let parent = Path.join(commonFolder, "worktrees")
        try Files.makeFolders(parent, within: commonFolder, operation)
        for draft in drafts { try Files.move(draft.folder, to: draft.record.folder, operation) }
        // Without the record, a worktree would be a folder that is in the way.
        try Files.flushFolder(parent, operation)
        try Files.flushFolder(commonFolder, operation)
    }

    func sweepWorktreeDrafts() throws(GitError) -> [String] {
        let operation = "sweep stale files"
        var removed: [String] = []
        for name in try Files.names(in: commonFolder, operation)
        where name.hasPrefix(WorktreeDraft.prefix) {
            try removeWhole(Path.join(commonFolder, name), operation)
            removed.append(name)
        }
        return removed
    }

    func lockWorktrees(_ operation: String) throws(GitError) -> FileLock {
        try FileLock(
            waitingFor: Path.join(commonFolder, Self.worktreesLock),
            operation
        )
    }

    private func requireFree(
        _ drafts: [WorktreeDraft],
        _ operation: String
    ) throws(GitError) {
        var holders = Dictionary(
            try checkedOutBranches().map { ($0.branch, $0.path) },
            uniquingKeysWith: { first, _ in first }
        )
        var taken: Set<String> = []
        for draft in drafts {
            guard try reference("refs/heads/" + draft.branch) != nil else {
                throw GitError(.notFound, operation, at: draft.branch, "no such branch")
            }
            let name = draft.record.name
            guard try !Files.exists(draft.record.folder, operation), taken.insert(name).inserted
            else { throw GitError(.exists, operation, at: name, "there is one of that name") }
            if let other = holders.updateValue(draft.place, forKey: draft.branch) {
                let reason = "branch \(draft.branch) is checked out in \(other)"
                throw GitError(.exists, operation, at: draft.place, reason)
            }
            let isFolder = try Files.isFolder(draft.place, operation)
            let isThere = try Files.exists(draft.place, operation)
            guard try Files.names(in: draft.place, operation).isEmpty, isFolder || !isThere,
                taken.insert(draft.place).inserted
            else { throw GitError(.exists, operation, at: draft.place, "the folder is not empty") }
        }
    }

    @discardableResult
    private func fill(
        _ record: WorktreeRecord,
        at path: String,
        _ files: inout FileListing,
        keepsFiles: Bool = false,
        _ operation: String
    ) throws(GitError) -> [String] {
        try Files.makeFolders(path, within: commonFolder, operation)
        try point(path, to: record, operation)
        return try checkOut(record, &files, keepsFiles: keepsFiles, operation)
    }

    /// Writes the file by which git finds the record of a worktree, unless it is as it should be.
    func point(
        _ path: String,
        to record: WorktreeRecord,
        _ operation: String
    ) throws(GitError) {
        let root = try Folder(path: path, operation)
        try root.keepRepository(operation)
        let pointer = Array("gitdir: \(record.folder)\n".utf8)
        let limit = 1 << 20
        if try root.load(Array(".git".utf8), limitBytes: limit, operation)?.bytes != pointer {
            try root.write(Array(".git".utf8), .regular, pointer, operation)
        }
    }

    private func removeWhole(_ path: String, _ operation: String) throws(GitError) {
        guard try Files.exists(path, operation) else { return }
        let parent = try Folder(path: Path.parent(of: path), operation)
        try parent.removeTree(Array(Path.name(of: path).utf8), operation)
    }
}
