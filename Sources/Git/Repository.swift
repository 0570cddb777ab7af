// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Synchronization

/// An open git repository: values come out, the pointers behind them stay in.
///
/// Calls into libgit2 take turns, because its objects are not safe to share. Every call blocks;
/// run it away from the cooperative thread pool.
public final class Repository: Sendable {
    /// The folder of the work tree, or of the repository itself when it is bare; no final slash.
    public let path: String
    /// The `.git` folder that all worktrees share; no final slash.
    public let commonFolder: String
    /// True when the opened folder is a worktree that `git worktree` added.
    public let isLinkedWorktree: Bool
    /// The fast writer of objects.
    public let objects: ObjectStore

    let references: ReferenceStore
    let merger = PackMerger()
    /// Indexes of worktrees that are known to point into no other repository.
    let ownIndexes = Mutex<[String: FileStamp]>([:])
    private let handle: Mutex<Owned<RepositoryKind>>

    private init(_ owned: consuming sending Owned<RepositoryKind>) {
        let gitFolder = unsafe String(cString: git_repository_path(owned.pointer))
        let common = unsafe String(cString: git_repository_commondir(owned.pointer))
        var work: String?
        if let folder = unsafe git_repository_workdir(owned.pointer) {
            work = unsafe String(cString: folder)
        }
        path = Path.trimmed(work ?? gitFolder)
        commonFolder = Path.trimmed(common)
        isLinkedWorktree = unsafe git_repository_is_worktree(owned.pointer) == 1
        objects = ObjectStore(folder: Path.join(commonFolder, "objects/pack"))
        references = ReferenceStore(folder: commonFolder)
        handle = Mutex(owned)
    }

    /// Opens the repository in exactly this folder, or whose `.git` folder this is.
    ///
    /// The folders above are never searched, so a desk cannot end up in somebody else's repository.
    ///
    /// - Throws: `.notFound` when the folder is missing, `.notARepository` when it holds none.
    public static func open(at path: String) throws(GitError) -> Repository {
        let operation = "open repository"
        guard try Files.isFolder(path, operation) else {
            let hint = "no such folder; run loopdesk init \(path) first"
            throw GitError(.notFound, operation, at: path, hint)
        }
        let owned: Owned<RepositoryKind>
        do {
            owned = try unsafe LibGit.take(RepositoryKind.self, operation, at: path) { out in
                let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
                return unsafe git_repository_open_ext(&out, path, flags, nil)
            }
        } catch {
            guard error.code == .notFound else { throw error }
            let hint = "not a git repository; run loopdesk init \(path) first"
            throw GitError(.notARepository, operation, at: path, hint)
        }
        return Repository(owned)
    }

    /// Makes a new repository with a work tree, and the folders that lead to it.
    ///
    /// - Throws: `.exists` when the folder already is a repository.
    public static func create(
        at path: String,
        initialBranch: String = "main"
    ) throws(GitError) -> Repository {
        let operation = "create repository"
        try ReferenceName.require("refs/heads/" + initialBranch, operation)
        guard try !Files.exists(Path.join(path, ".git"), operation) else {
            throw GitError(.exists, operation, at: path, "it already is one; open it instead")
        }
        let owned = try unsafe LibGit.take(RepositoryKind.self, operation, at: path) { out in
            unsafe initialBranch.withCString { branch in
                var options = unsafe git_repository_init_options()
                let version = UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)
                unsafe git_repository_init_options_init(&options, version)
                unsafe options.flags =
                    GIT_REPOSITORY_INIT_MKPATH.rawValue | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
                unsafe options.initial_head = branch
                return unsafe git_repository_init_ext(&out, path, &options)
            }
        }
        return Repository(owned)
    }

    /// Does something while libgit2 reads nothing here, and lets it forget the packs it knew.
    func withoutReaders(_ body: () throws(GitError) -> Void) throws(GitError) {
        let place = isLinkedWorktree ? path : commonFolder
        try handle.withLock { (current) throws(GitError) in
            try body()
            current = try unsafe LibGit.take(
                RepositoryKind.self,
                "reopen repository",
                at: place
            ) { out in
                let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
                return unsafe git_repository_open_ext(&out, place, flags, nil)
            }
        }
    }

    /// Lends the libgit2 repository for one call; the pointer must not leave the closure.
    func withPointer<Value: Sendable>(
        _ body: (OpaquePointer) throws(GitError) -> Value
    ) throws(GitError) -> Value {
        try handle.withLock { (owned) throws(GitError) -> Value in
            try unsafe body(owned.pointer)
        }
    }
}
