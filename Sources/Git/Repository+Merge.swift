// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

extension Repository {
    /// Merges two commits in memory; no branch and no work tree changes.
    ///
    /// - Returns: The merged tree, stored and ready for a commit, or the paths in conflict.
    /// - Throws: `.notFound` when a commit is missing or the two share no history.
    public func merge(_ ours: ObjectID, _ theirs: ObjectID) throws(GitError) -> MergeOutcome {
        guard let base = try mergeBase(ours, theirs) else {
            let reason = "the two commits share no history"
            throw GitError(.notFound, "merge", at: "\(ours) and \(theirs)", reason)
        }
        if base == theirs { return .upToDate }
        if base == ours { return .fastForward(theirs) }
        return try unsafe withPointer { (repository) throws(GitError) -> MergeOutcome in
            let one = try unsafe Self.lookUp(ours, in: repository)
            let other = try unsafe Self.lookUp(theirs, in: repository)
            let index = try unsafe LibGit.take(IndexKind.self, "merge", at: "\(theirs)") { out in
                var options = unsafe git_merge_options()
                let version = UInt32(GIT_MERGE_OPTIONS_VERSION)
                unsafe git_merge_options_init(&options, version)
                return unsafe git_merge_commits(
                    &out,
                    repository,
                    one.pointer,
                    other.pointer,
                    &options
                )
            }
            if unsafe git_index_has_conflicts(index.pointer) == 1 {
                return .conflicts(try Self.conflicts(in: index))
            }
            var tree = git_oid()
            let status = unsafe git_index_write_tree_to(&tree, index.pointer, repository)
            try LibGit.check(status, "write the merged tree", at: "\(theirs)")
            return .merged(ObjectID(tree))
        }
    }

    private static func lookUp(
        _ id: ObjectID,
        in repository: OpaquePointer
    ) throws(GitError) -> Owned<CommitKind> {
        try unsafe LibGit.take(CommitKind.self, "merge", at: "\(id)") { out in
            var raw = id.raw
            return unsafe git_commit_lookup(&out, repository, &raw)
        }
    }

    private static func conflicts(
        in index: borrowing Owned<IndexKind>
    ) throws(GitError) -> [String] {
        let pointer = unsafe index.pointer
        let iterator = try unsafe LibGit.take(ConflictsKind.self, "list conflicts") { out in
            unsafe git_index_conflict_iterator_new(&out, pointer)
        }
        var paths: Set<String> = []
        while true {
            var base: UnsafePointer<git_index_entry>?
            var ours: UnsafePointer<git_index_entry>?
            var theirs: UnsafePointer<git_index_entry>?
            let status = unsafe git_index_conflict_next(&base, &ours, &theirs, iterator.pointer)
            if status == GIT_ITEROVER.rawValue { break }
            try LibGit.check(status, "list conflicts")
            // All sides of a conflict have one path.
            let side = unsafe base ?? ours ?? theirs
            if let path = unsafe side?.pointee.path {
                paths.insert(unsafe String(cString: path))
            }
        }
        return paths.sorted()
    }
}
