// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One name in a folder and the object it stands for.
public struct TreeEntry: Hashable, Sendable {
    /// The name without its folder.
    public let name: String
    /// What the entry is.
    public let mode: FileMode
    /// The blob, or for a folder the tree.
    public let id: ObjectID

    /// Makes an entry.
    public init(name: String, mode: FileMode, id: ObjectID) {
        self.name = name
        self.mode = mode
        self.id = id
    }
}
