// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Objects that wait in memory to be stored together.
///
/// Ids are computed here and nothing is read or written, so the same calls always give the same
/// ids. Keep the batch until the reference has moved: should somebody prune the repository in
/// between, writing the same batch again restores what was lost.
public struct ObjectBatch: Sendable {
    struct Item: Sendable {
        let id: ObjectID
        let kind: ObjectKind
        let content: [UInt8]
    }

    private(set) var items: [Item] = []
    private var known: Set<ObjectID> = []

    /// Makes an empty batch.
    public init() {}

    /// True when nothing waits.
    public var isEmpty: Bool { items.isEmpty }

    /// How many different objects wait.
    public var count: Int { items.count }

    /// True when the object waits in this batch.
    public func contains(_ id: ObjectID) -> Bool { known.contains(id) }

    /// Adds the content of a file.
    @discardableResult
    public mutating func addBlob(_ content: [UInt8]) -> ObjectID {
        add(content, .blob)
    }

    /// Adds a folder; the entries may come in any order.
    ///
    /// - Throws: `.invalid` for a name that git forbids or that occurs twice.
    @discardableResult
    public mutating func addTree(_ entries: [TreeEntry]) throws(GitError) -> ObjectID {
        var node = TreeNode()
        for entry in entries {
            let name = Array(entry.name.utf8)
            guard Path.isAllowed(name), node.position(of: name) == nil else {
                let reason = "the name is forbidden or occurs twice"
                throw GitError(.invalid, "add a tree", at: entry.name, reason)
            }
            node.put(TreeNode.Slot(name: name, mode: entry.mode, id: entry.id))
        }
        return add(node.encoded(), .tree)
    }

    /// Adds a folder with nothing in it.
    mutating func addEmptyTree() -> ObjectID { add([], .tree) }

    /// Adds a commit whose author is also its committer.
    @discardableResult
    public mutating func addCommit(
        tree: ObjectID,
        parents: [ObjectID],
        author: Signature,
        message: String
    ) -> ObjectID {
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(author.line)\ncommitter \(author.line)\n\n"
        // Git cuts a message at its first zero byte.
        var body = Array(message.utf8).filter { $0 != 0 }
        if body.last != 0x0A { body.append(0x0A) }
        return add(Array(text.utf8) + body, .commit)
    }

    @discardableResult
    mutating func add(_ content: [UInt8], _ kind: ObjectKind) -> ObjectID {
        let id = ObjectID(hashing: content, kind: kind)
        add(content, kind, id)
        return id
    }

    /// Adds an object whose name is known.
    mutating func add(_ content: [UInt8], _ kind: ObjectKind, _ id: ObjectID) {
        guard known.insert(id).inserted else { return }
        items.append(Item(id: id, kind: kind, content: content))
    }
}
