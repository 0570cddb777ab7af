// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One file that differs between two trees.
public struct Change: Hashable, Sendable {
    /// How a file differs.
    public enum Kind: String, Sendable {
        /// Only the newer tree has the file.
        case added
        /// Both have it, with different content or mode.
        case modified
        /// Only the older tree has the file.
        case deleted
    }

    /// The path from the root of the tree, parts separated by `/`.
    public let path: String
    /// How the file differs.
    public let kind: Kind
    /// The older blob; nil when added.
    public let oldID: ObjectID?
    /// The newer blob; nil when deleted.
    public let newID: ObjectID?
    /// The mode of the newer file, or of the older one when deleted.
    public let mode: FileMode
}
