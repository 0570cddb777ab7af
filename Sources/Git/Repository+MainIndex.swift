// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

extension Repository {
    /// Writes the index of the main work tree to hold exactly a commit's files.
    ///
    /// For a repository whose files were written first and committed without an index, such as a
    /// new one; files on disk are not touched.
    public func writeMainIndex(of commit: ObjectID) throws(GitError) {
        let operation = "write the index"
        let tree = try self.commit(commit).tree
        let place = path
        try unsafe withPointer { (repository) throws(GitError) in
            let index = try unsafe LibGit.take(IndexKind.self, operation, at: place) { out in
                unsafe git_repository_index(&out, repository)
            }
            let found = try unsafe LibGit.take(TreeKind.self, operation, at: place) { out in
                var id = tree.raw
                return unsafe git_tree_lookup(&out, repository, &id)
            }
            let status = unsafe git_index_read_tree(index.pointer, found.pointer)
            try LibGit.check(status, operation, at: place)
            try LibGit.check(unsafe git_index_write(index.pointer), operation, at: place)
        }
    }
}
