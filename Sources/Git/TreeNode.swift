// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One folder of a tree being edited, with those of its folders that were needed so far.
struct TreeNode: Sendable {
    /// One name of the folder.
    struct Slot: Sendable {
        let name: [UInt8]
        var mode: FileMode
        /// The stored object; out of date while `child` has changes.
        var id: ObjectID
        /// The content of a new file, until it is written into a batch.
        var content: [UInt8]?
        /// The loaded folder.
        var child: TreeNode?

        init(
            name: [UInt8],
            mode: FileMode,
            id: ObjectID,
            content: [UInt8]? = nil,
            child: TreeNode? = nil
        ) {
            self.name = name
            self.mode = mode
            self.id = id
            self.content = content
            self.child = child
        }
    }

    /// In git's order, which treats a folder's name as if it ended in a slash.
    private(set) var slots: [Slot] = []
    /// True when the content differs from what was last loaded or written.
    var isChanged = false

    init() {}

    /// Parses a tree object.
    ///
    /// What passes over entries of a mode that no desk writes must not be written again.
    init(content: [UInt8], id: ObjectID, passesOver: Bool = false) throws(GitError) {
        var position = 0
        while position < content.count {
            guard let space = content[position...].firstIndex(of: 0x20),
                let end = content[space...].firstIndex(of: 0),
                end + ObjectID.byteCount < content.count
            else { throw GitError.corrupt("read a tree", at: "\(id)", "malformed entry") }
            let start = position
            position = end + 1 + ObjectID.byteCount
            guard let mode = FileMode(octal: content[start..<space]) else {
                guard !passesOver else { continue }
                let reason = "entry \(content[(space + 1)..<end].text) has an unsupported mode"
                throw GitError(.invalid, "read a tree", at: "\(id)", reason)
            }
            let entry = ObjectID(from: content, at: end + 1)
            slots.append(Slot(name: Array(content[(space + 1)..<end]), mode: mode, id: entry))
        }
    }

    /// The position of a name, be it a file or a folder.
    func position(of name: [UInt8]) -> Int? {
        for isFolder in [false, true] {
            let position = place(for: name, isFolder: isFolder)
            if position < slots.count, slots[position].name == name { return position }
        }
        return nil
    }

    /// Adds a slot, or puts it in place of the one with its name.
    mutating func put(_ slot: Slot) {
        if let old = position(of: slot.name) {
            if (slots[old].mode == .tree) == (slot.mode == .tree) {
                slots[old] = slot
                return
            }
            slots.remove(at: old)
        }
        slots.insert(slot, at: place(for: slot.name, isFolder: slot.mode == .tree))
    }

    mutating func remove(at position: Int) { slots.remove(at: position) }

    /// Changes a slot whose name and kind stay as they are.
    mutating func change<Value>(
        at position: Int,
        _ body: (inout Slot) throws(GitError) -> Value
    ) throws(GitError) -> Value {
        try body(&slots[position])
    }

    /// The bytes of the tree object; the ids of all slots must be up to date.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(slots.count * 48)
        // By position: a slot that is taken out of its array is counted, and there are many.
        for position in slots.indices {
            bytes.append(contentsOf: slots[position].mode.octal)
            bytes.append(0x20)
            bytes.append(contentsOf: slots[position].name)
            bytes.append(0)
            slots[position].id.append(to: &bytes)
        }
        return bytes
    }

    /// Whether there is something at a position that has not been written.
    func hasNews(at position: Int) -> Bool {
        slots[position].content != nil || slots[position].child?.isChanged == true
    }

    /// The number of slots held here and below.
    var loadedCount: Int {
        slots.reduce(slots.count) { $0 + ($1.child?.loadedCount ?? 0) }
    }

    /// Forgets all but the last folders of a folder that holds too many, which must be written.
    ///
    /// Numbers grow, so those that come last are needed again.
    mutating func trim(limit: Int, keeping: Int) {
        let loaded = slots.indices.filter { slots[$0].child != nil }
        let forgotten = loaded.count > limit ? loaded.count - keeping : 0
        for position in loaded.prefix(forgotten) { slots[position].child = nil }
        for position in loaded.dropFirst(forgotten) {
            slots[position].child?.trim(limit: limit, keeping: keeping)
        }
    }

    private func place(for name: [UInt8], isFolder: Bool) -> Int {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            let slot = slots[middle]
            if Self.precedes(slot.name, slot.mode == .tree, name, isFolder) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    static func precedes(
        _ left: [UInt8],
        _ leftIsFolder: Bool,
        _ right: [UInt8],
        _ rightIsFolder: Bool
    ) -> Bool {
        let shared = min(left.count, right.count)
        for position in 0..<shared where left[position] != right[position] {
            return left[position] < right[position]
        }
        func next(_ name: [UInt8], _ isFolder: Bool) -> UInt8 {
            name.count > shared ? name[shared] : (isFolder ? 0x2F : 0)
        }
        let leftNext = next(left, leftIsFolder)
        let rightNext = next(right, rightIsFolder)
        return leftNext == rightNext ? left.count < right.count : leftNext < rightNext
    }
}
