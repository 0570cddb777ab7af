// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Repository {
    /// The lock files of the repository and of its worktrees, sorted by name.
    ///
    /// One that stands for a moment only may be among them.
    public func lockFiles() throws(GitError) -> [RepositoryLock] {
        let operation = "look for locks"
        var names = try lockNames(below: "", isDeep: false, operation)
        for folder in ["refs", "worktrees"] {
            names += try lockNames(below: folder, isDeep: true, operation)
        }
        var locks: [RepositoryLock] = []
        for name in names.sorted() {
            let path = Path.join(commonFolder, name)
            guard let status = try Files.status(path, operation) else { continue }
            locks.append(
                RepositoryLock(
                    name: name,
                    path: path,
                    isOurs: Files.isMarked(path),
                    seconds: status.st_mtim.tv_sec
                )
            )
        }
        return locks
    }

    /// Who claims to collect garbage; nil when nobody does.
    public func collectionClaim() throws(GitError) -> CollectionClaim? {
        try CollectionHold.claim(commonFolder: commonFolder)
    }

    /// How many packs there are.
    public func packCount() throws(GitError) -> Int {
        let folder = Path.join(commonFolder, "objects/pack")
        return try Files.names(in: folder, "count packs").count { $0.hasSuffix(".pack") }
    }

    /// The version of libgit2 that this program runs with.
    public static var libraryVersion: String { LibGit.version }

    static var worktreesLock: String { "loopdesk-worktrees.lock" }

    private func lockNames(
        below folder: String,
        isDeep: Bool,
        _ operation: String
    ) throws(GitError) -> [String] {
        var found: [String] = []
        let path = folder.isEmpty ? commonFolder : Path.join(commonFolder, folder)
        for name in try Files.names(in: path, operation) {
            let full = folder.isEmpty ? name : Path.join(folder, name)
            // The file behind our own lock of the worktrees stays, held or not.
            if full == Self.worktreesLock { continue }
            if name.hasSuffix(".lock") {
                found.append(full)
            } else if isDeep, try Files.isFolder(Path.join(commonFolder, full), operation) {
                found += try lockNames(below: full, isDeep: true, operation)
            }
        }
        return found
    }
}
