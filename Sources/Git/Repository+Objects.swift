// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

extension Repository {
    /// Reads a commit.
    ///
    /// - Throws: `.notFound` when there is no such object, `.invalid` when it is no commit.
    public func commit(_ id: ObjectID) throws(GitError) -> Commit {
        let content = try load(id, .commit)
        guard let commit = Commit(id: id, content: content) else {
            throw GitError.corrupt("read a commit", at: "\(id)", "a required line is missing")
        }
        return commit
    }

    /// Reads a folder, in git's order.
    ///
    /// - Throws: `.notFound` when there is no such object, `.invalid` when it is no tree.
    public func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
        try loadNode(id).slots.map { slot in
            TreeEntry(name: slot.name.text, mode: slot.mode, id: slot.id)
        }
    }

    /// Reads a folder as far as it is this repository's, in git's order.
    ///
    /// What points into another repository, such as a submodule, is passed over.
    /// - Throws: `.notFound` when there is no such object, `.invalid` when it is no tree.
    public func ownEntries(of id: ObjectID) throws(GitError) -> [TreeEntry] {
        let node = try TreeNode(content: try load(id, .tree), id: id, passesOver: true)
        return node.slots.map { TreeEntry(name: $0.name.text, mode: $0.mode, id: $0.id) }
    }

    /// Reads the content of a file.
    ///
    /// - Throws: `.notFound` when there is no such object, `.invalid` when it is no blob.
    public func blob(_ id: ObjectID) throws(GitError) -> [UInt8] {
        try load(id, .blob)
    }

    /// Finds what is at a path of a tree; nil when nothing is.
    public func entry(atPath path: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
        let parts = try Path.parts(of: path, "look up a path")
        var folder = tree
        for (depth, part) in parts.enumerated() {
            let node = try loadNode(folder)
            guard let position = node.position(of: part) else { return nil }
            let slot = node.slots[position]
            if depth == parts.count - 1 {
                return TreeEntry(name: slot.name.text, mode: slot.mode, id: slot.id)
            }
            guard slot.mode == .tree else { return nil }
            folder = slot.id
        }
        return nil
    }

    /// True when the object is stored, in whatever form.
    public func contains(_ id: ObjectID) throws(GitError) -> Bool {
        try unsafe withDatabase { database in
            var raw = id.raw
            return unsafe git_odb_exists(database, &raw) == 1
        }
    }

    /// True when an object is stored nowhere, also after a second look with nothing remembered.
    ///
    /// A pack that cannot be read looks to libgit2 like one that is not there.
    /// - Throws: A ``GitError`` also when a pack cannot be read, since it may hold the object.
    public func isGone(_ id: ObjectID) throws(GitError) -> Bool {
        guard try !contains(id) else { return false }
        try objects.requireReadablePacks()
        try releaseCaches()
        return try !contains(id)
    }

    func loadNode(_ id: ObjectID) throws(GitError) -> TreeNode {
        try TreeNode(content: try load(id, .tree), id: id)
    }

    /// The content of an object, checked against its id by libgit2.
    ///
    /// Another process may have merged packs that libgit2 still counts on, so a failure counts only
    /// after a second look.
    func load(_ id: ObjectID, _ kind: ObjectKind) throws(GitError) -> [UInt8] {
        do {
            return try loadOnce(id, kind)
        } catch {
            guard error.code != .invalid else { throw error }
            try releaseCaches()
            return try loadOnce(id, kind)
        }
    }

    private func loadOnce(_ id: ObjectID, _ kind: ObjectKind) throws(GitError) -> [UInt8] {
        let operation = "read a \(kind.name)"
        let (type, content) = try unsafe withDatabase { (database) throws(GitError) in
            let object = try unsafe LibGit.take(StoredObjectKind.self, operation, at: "\(id)") {
                out in
                var raw = id.raw
                return unsafe git_odb_read(&out, database, &raw)
            }
            let size = unsafe git_odb_object_size(object.pointer)
            let start = unsafe git_odb_object_data(object.pointer)
            let content = unsafe Array(UnsafeRawBufferPointer(start: start, count: size))
            return (unsafe git_odb_object_type(object.pointer).rawValue, content)
        }
        guard type == Int32(kind.rawValue) else {
            let found = ObjectKind(rawValue: UInt8(clamping: type))?.name ?? "something else"
            throw GitError(.invalid, operation, at: "\(id)", "the object is a \(found)")
        }
        return content
    }

    private func withDatabase<Value: Sendable>(
        _ body: (OpaquePointer) throws(GitError) -> Value
    ) throws(GitError) -> Value {
        try unsafe withPointer { (repository) throws(GitError) -> Value in
            let database = try unsafe LibGit.take(DatabaseKind.self, "open the object database") {
                out in
                unsafe git_repository_odb(&out, repository)
            }
            return try unsafe body(database.pointer)
        }
    }
}
