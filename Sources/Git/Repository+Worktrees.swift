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
            found.append(Worktree(name: name, path: path, branch: branch, isMissing: isMissing))
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
    /// The index lists the whole branch and marks the rest as deliberately absent, so plain git
    /// finds the worktree clean. One worktree is added at a time, across processes. The record is
    /// built aside and renamed into place; a kill after that leaves a worktree that
    /// `repairWorktree` completes.
    ///
    /// - Parameters:
    ///   - name: The name of the record.
    ///   - path: The folder, which must be absent or empty.
    ///   - branch: An existing branch that no other worktree has checked out.
    ///   - visible: The files and folders to hold on the disk.
    ///   - lockReason: When given, git will not prune the worktree, and shows this reason.
    /// - Returns: The new worktree.
    /// - Throws: `.exists` when the name, folder or branch is taken, `.notFound` for a missing
    ///   branch, `.invalid` for a name or path that is not allowed.
    public func addWorktree(
        name: String,
        at path: String,
        branch: String,
        visible: [String],
        lockReason: String? = nil
    ) throws(GitError) -> Worktree {
        let operation = "add a worktree"
        let record = try WorktreeRecord(name: name, commonFolder: commonFolder, operation)
        guard path.hasPrefix("/"), !path.contains("\n") else {
            throw GitError(.invalid, operation, at: path, "the path must be absolute")
        }
        let place = Path.trimmed(path)
        let visibility = try Visibility(visible, operation)
        let lock = try lockWorktrees(operation)
        defer { lock.release() }
        try requireFree(record, at: place, branch: branch, operation)
        try writeRecord(record, at: place, branch: branch, visibility, lockReason)
        try fill(record, at: place, operation)
        return Worktree(name: name, path: place, branch: branch, isMissing: false)
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
        return try fill(record, at: try record.path(operation), operation)
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

    /// Builds the record of a worktree aside and renames it into place.
    func writeRecord(
        _ record: WorktreeRecord,
        at place: String,
        branch: String,
        _ visibility: Visibility,
        _ lockReason: String?
    ) throws(GitError) {
        let operation = "add a worktree"
        let draft = Path.join(commonFolder, Self.worktreeDraftPrefix + record.name)
        try removeWhole(draft, operation)
        try Files.makeFolders(draft, operation)
        let files: [(String, [UInt8])] = [
            ("HEAD", Array("ref: refs/heads/\(branch)\n".utf8)),
            ("commondir", Array("../..\n".utf8)),
            ("gitdir", Array("\(place)/.git\n".utf8)),
            ("loopdesk-visible", visibility.recorded),
        ]
        for (file, bytes) in files { try Files.create(Path.join(draft, file), bytes, operation) }
        if let lockReason {
            let bytes = Array(lockReason.split(whereSeparator: \.isNewline).joined().utf8)
            try Files.create(Path.join(draft, "locked"), bytes, operation)
        }
        let names = try Files.names(in: draft, operation)
        try Files.flushContents(names.map { Path.join(draft, $0) }, operation)
        try Files.flushFolder(draft, operation)
        let parent = Path.parent(of: record.folder)
        try Files.makeFolders(parent, operation)
        try Files.move(draft, to: record.folder, operation)
        // Without the record, the worktree would be a folder that is in the way.
        try Files.flushFolder(parent, operation)
        try Files.flushFolder(commonFolder, operation)
    }

    static var worktreeDraftPrefix: String { "loopdesk-worktree-" }

    func sweepWorktreeDrafts() throws(GitError) -> [String] {
        let operation = "sweep stale files"
        var removed: [String] = []
        for name in try Files.names(in: commonFolder, operation)
        where name.hasPrefix(Self.worktreeDraftPrefix) {
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
        _ record: WorktreeRecord,
        at path: String,
        branch: String,
        _ operation: String
    ) throws(GitError) {
        guard try reference("refs/heads/" + branch) != nil else {
            throw GitError(.notFound, operation, at: branch, "no such branch")
        }
        guard try !Files.exists(record.folder, operation) else {
            throw GitError(.exists, operation, at: record.name, "there is one of that name")
        }
        if let other = try checkedOutBranches().first(where: { $0.branch == branch }) {
            let reason = "branch \(branch) is checked out in \(other.path)"
            throw GitError(.exists, operation, at: path, reason)
        }
        let isFolder = try Files.isFolder(path, operation)
        let isThere = try Files.exists(path, operation)
        guard try Files.names(in: path, operation).isEmpty, isFolder || !isThere else {
            throw GitError(.exists, operation, at: path, "the folder is not empty")
        }
    }

    @discardableResult
    private func fill(
        _ record: WorktreeRecord,
        at path: String,
        _ operation: String
    ) throws(GitError) -> [String] {
        try Files.makeFolders(path, operation)
        try point(path, to: record, operation)
        return try checkOut(record, operation)
    }

    /// Writes the file by which git finds the record of a worktree, unless it is as it should be.
    func point(
        _ path: String,
        to record: WorktreeRecord,
        _ operation: String
    ) throws(GitError) {
        let root = try Folder(path: path, operation)
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
