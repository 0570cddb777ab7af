// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A tree that is changed in memory, for example the next state of a branch.
///
/// Folders are loaded when a path first leads through them and kept from one commit to the next,
/// so a commit costs only the folders it changes. Keep one editor for each branch. When a batch
/// that `write(into:)` filled is thrown away, throw the editor away too: it takes what it wrote
/// for stored.
public struct TreeEditor: Sendable {
    /// The folders of one folder that ``trim()`` lets an editor hold, and those it leaves of more.
    public static let cachedFolders = (limit: 8, kept: 2)

    private let repository: Repository
    private var root: TreeNode
    private var rootID: ObjectID?

    /// Starts from a tree, or from an empty one.
    public init(_ repository: Repository, tree: ObjectID?) throws(GitError) {
        self.repository = repository
        rootID = tree
        root = TreeNode()
        if let tree {
            root = try repository.loadNode(tree)
        } else {
            root.isChanged = true
        }
    }

    /// Puts a new file in place, with the folders that lead to it.
    public mutating func set(
        _ path: String,
        content: [UInt8],
        mode: FileMode = .regular
    ) throws(GitError) {
        let parts = try Path.parts(of: path, "set a file")
        try set(parts: parts[...], mode: mode, content: content)
    }

    /// Puts a stored blob in place, with the folders that lead to it.
    public mutating func set(
        _ path: String,
        blob: ObjectID,
        mode: FileMode = .regular
    ) throws(GitError) {
        let parts = try Path.parts(of: path, "set a file")
        guard mode != .tree else { return try replaceSubtree(path, with: blob) }
        try Self.put(&root, repository, parts[...]) {
            TreeNode.Slot(name: $0, mode: mode, id: blob)
        }
    }

    /// Removes a file or a whole folder; folders that become empty go too.
    ///
    /// - Returns: False when there was nothing at the path.
    @discardableResult
    public mutating func remove(_ path: String) throws(GitError) -> Bool {
        try remove(parts: try Path.parts(of: path, "remove a file")[...])
    }

    /// Puts a stored tree in place of a folder, or removes the folder when there is none.
    public mutating func replaceSubtree(
        _ path: String,
        with tree: ObjectID?
    ) throws(GitError) {
        let parts = try Path.parts(of: path, "replace a folder")
        guard let tree else {
            try remove(parts: parts[...])
            return
        }
        try Self.put(&root, repository, parts[...]) {
            TreeNode.Slot(name: $0, mode: .tree, id: tree)
        }
    }

    /// The tree that a folder has now, changes included; nil when there is no such folder.
    public mutating func subtree(at path: String) throws(GitError) -> ObjectID? {
        guard let entry = try entry(at: path), entry.mode == .tree else { return nil }
        return entry.id
    }

    /// What is at a path now, changes included; nil when nothing is.
    public mutating func entry(at path: String) throws(GitError) -> TreeEntry? {
        let parts = try Path.parts(of: path, "look up a file")
        return try Self.find(&root, repository, parts[...])
    }

    /// Adds what changed to a batch.
    ///
    /// - Returns: The id of the whole tree.
    public mutating func write(into batch: inout ObjectBatch) throws(GitError) -> ObjectID {
        if !root.isChanged, let rootID { return rootID }
        let id = try Self.write(&root) { batch.add($0, $1, $2) }
        rootID = id
        return id
    }

    /// Lets go of folders that are unlikely to be needed again.
    ///
    /// They are read again when needed, so everything written must have been stored before.
    public mutating func trim() {
        guard !root.isChanged else { return }
        root.trim(limit: Self.cachedFolders.limit, keeping: Self.cachedFolders.kept)
    }

    /// How many entries are held in memory.
    package var cachedEntryCount: Int { root.loadedCount }

    mutating func set(
        parts: ArraySlice<[UInt8]>,
        mode: FileMode,
        content: [UInt8]
    ) throws(GitError) {
        let id = ObjectID(hashing: content, kind: .blob)
        try Self.put(&root, repository, parts) { name in
            TreeNode.Slot(name: name, mode: mode, id: id, content: content)
        }
    }

    mutating func set(
        parts: ArraySlice<[UInt8]>,
        mode: FileMode,
        blob: ObjectID
    ) throws(GitError) {
        try Self.put(&root, repository, parts) { TreeNode.Slot(name: $0, mode: mode, id: blob) }
    }

    @discardableResult
    mutating func remove(parts: ArraySlice<[UInt8]>) throws(GitError) -> Bool {
        try Self.remove(&root, repository, parts)
    }
}

extension TreeEditor {
    /// Takes the loaded folder out of a slot; the caller puts it back, whatever happens.
    private static func takeChild(
        _ slot: inout TreeNode.Slot,
        _ repository: Repository
    ) throws(GitError) -> TreeNode {
        if let child = slot.child.take() { return child }
        return try repository.loadNode(slot.id)
    }

    private static func put(
        _ node: inout TreeNode,
        _ repository: Repository,
        _ parts: ArraySlice<[UInt8]>,
        _ make: ([UInt8]) -> TreeNode.Slot
    ) throws(GitError) {
        guard let name = parts.first else { return }
        if parts.count == 1 {
            let slot = make(name)
            if let old = node.position(of: name), node.slots[old].child?.isChanged != true {
                let same = node.slots[old]
                if same.id == slot.id, same.mode == slot.mode { return }
            }
            node.put(slot)
            node.isChanged = true
            return
        }
        if node.position(of: name).map({ node.slots[$0].mode == .tree }) != true {
            var child = TreeNode()
            child.isChanged = true
            node.put(TreeNode.Slot(name: name, mode: .tree, id: .zero, child: child))
        }
        guard let position = node.position(of: name) else { return }
        let isChanged = try node.change(at: position) { (slot) throws(GitError) -> Bool in
            var child = try takeChild(&slot, repository)
            defer { slot.child = child }
            try put(&child, repository, parts.dropFirst(), make)
            return child.isChanged
        }
        if isChanged { node.isChanged = true }
    }

    private static func remove(
        _ node: inout TreeNode,
        _ repository: Repository,
        _ parts: ArraySlice<[UInt8]>
    ) throws(GitError) -> Bool {
        guard let name = parts.first, let position = node.position(of: name) else { return false }
        if parts.count == 1 {
            node.remove(at: position)
            node.isChanged = true
            return true
        }
        guard node.slots[position].mode == .tree else { return false }
        var isEmpty = false
        let isRemoved = try node.change(at: position) { (slot) throws(GitError) -> Bool in
            var child = try takeChild(&slot, repository)
            defer { slot.child = child }
            let isRemoved = try remove(&child, repository, parts.dropFirst())
            isEmpty = child.slots.isEmpty
            return isRemoved
        }
        if isRemoved { node.isChanged = true }
        if isEmpty { node.remove(at: position) }
        return isRemoved
    }

    private static func find(
        _ node: inout TreeNode,
        _ repository: Repository,
        _ parts: ArraySlice<[UInt8]>
    ) throws(GitError) -> TreeEntry? {
        guard let name = parts.first, let position = node.position(of: name) else { return nil }
        return try node.change(at: position) { (slot) throws(GitError) -> TreeEntry? in
            if parts.count > 1 {
                guard slot.mode == .tree else { return nil }
                var child = try takeChild(&slot, repository)
                defer { slot.child = child }
                return try find(&child, repository, parts.dropFirst())
            }
            var id = slot.id
            // A copy is encoded, so that the changes still count as unwritten.
            if var child = slot.child, child.isChanged {
                id = try Self.write(&child) { _, _, _ in }
            }
            return TreeEntry(name: name.text, mode: slot.mode, id: id)
        }
    }

    private static func write(
        _ node: inout TreeNode,
        _ emit: ([UInt8], ObjectKind, ObjectID) -> Void
    ) throws(GitError) -> ObjectID {
        for position in node.slots.indices where node.hasNews(at: position) {
            try node.change(at: position) { (slot) throws(GitError) in
                if let content = slot.content.take() { emit(content, .blob, slot.id) }
                guard var child = slot.child.take() else { return }
                slot.id = try write(&child, emit)
                slot.child = child
            }
        }
        let content = node.encoded()
        let id = ObjectID(hashing: content, kind: .tree)
        emit(content, .tree, id)
        node.isChanged = false
        return id
    }
}
