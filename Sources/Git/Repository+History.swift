// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

extension Repository {
    /// Lists commits, newest first; no commit comes after one of its ancestors.
    ///
    /// A line of commits without merges is followed directly and costs only what it returns. With
    /// merges in it, the whole history behind `start` is ordered first.
    ///
    /// - Parameters:
    ///   - start: The newest commit.
    ///   - hidden: Commits that are left out together with everything before them.
    ///   - limit: The most commits returned.
    ///   - firstParentOnly: Whether to follow only the branch each commit was made on.
    /// - Returns: The commits, empty when `start` is hidden.
    /// - Throws: `.notFound` when `start` or a hidden commit is missing.
    public func walk(
        from start: ObjectID,
        until hidden: [ObjectID] = [],
        limit: Int = .max,
        firstParentOnly: Bool = false
    ) throws(GitError) -> [Commit] {
        let direct = try walkLine(start, hidden, limit, firstParentOnly)
        if let direct { return direct }
        let ids = try orderedIDs(start, hidden, limit, firstParentOnly)
        var commits: [Commit] = []
        commits.reserveCapacity(ids.count)
        for id in ids { commits.append(try commit(id)) }
        return commits
    }

    /// The newest commit that two commits have both grown from; nil when they share none.
    public func mergeBase(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
        try unsafe withPointer { (repository) throws(GitError) -> ObjectID? in
            var out = git_oid()
            var first = one.raw
            var second = other.raw
            let status = unsafe git_merge_base(&out, repository, &first, &second)
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                return nil
            }
            try LibGit.check(status, "find the merge base", at: "\(one) and \(other)")
            return ObjectID(out)
        }
    }

    /// Follows a line; nil when a merge or a hidden commit beside the line needs the full walk.
    private func walkLine(
        _ start: ObjectID,
        _ hidden: [ObjectID],
        _ limit: Int,
        _ firstParentOnly: Bool
    ) throws(GitError) -> [Commit]? {
        let stop = Set(hidden)
        var commits: [Commit] = []
        var next: ObjectID? = start
        while let id = next, commits.count < limit {
            if stop.contains(id) { return commits }
            let commit = try commit(id)
            guard firstParentOnly || commit.parents.count < 2 else { return nil }
            commits.append(commit)
            next = commit.parents.first
        }
        // Not having met a hidden commit, some of these may still be behind one.
        return hidden.isEmpty ? commits : nil
    }

    private func orderedIDs(
        _ start: ObjectID,
        _ hidden: [ObjectID],
        _ limit: Int,
        _ firstParentOnly: Bool
    ) throws(GitError) -> [ObjectID] {
        let operation = "list commits"
        return try unsafe withPointer { (repository) throws(GitError) -> [ObjectID] in
            let walk = try unsafe LibGit.take(WalkKind.self, operation) { out in
                unsafe git_revwalk_new(&out, repository)
            }
            let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
            try LibGit.check(unsafe git_revwalk_sorting(walk.pointer, order), operation)
            if firstParentOnly {
                try LibGit.check(
                    unsafe git_revwalk_simplify_first_parent(walk.pointer),
                    operation
                )
            }
            var raw = start.raw
            try LibGit.check(
                unsafe git_revwalk_push(walk.pointer, &raw),
                operation,
                at: "\(start)"
            )
            for id in hidden {
                raw = id.raw
                try LibGit.check(
                    unsafe git_revwalk_hide(walk.pointer, &raw),
                    operation,
                    at: "\(id)"
                )
            }
            var ids: [ObjectID] = []
            while ids.count < limit {
                let status = unsafe git_revwalk_next(&raw, walk.pointer)
                if status == GIT_ITEROVER.rawValue { break }
                try LibGit.check(status, operation, at: "\(start)")
                ids.append(ObjectID(raw))
            }
            return ids
        }
    }
}
