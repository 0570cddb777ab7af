// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One path of a work tree that differs from the last commit.
public struct StatusEntry: Hashable, Sendable {
    /// How a path differs.
    public enum Kind: String, Sendable {
        /// The index differs from the last commit.
        case staged
        /// The file differs from the index.
        case modified
        /// The file is gone.
        case deleted
        /// Git does not know the file, and no rule ignores it.
        case untracked
        /// A merge left it for people to settle.
        case conflicted
    }

    /// The path from the root of the work tree.
    public let path: String
    /// How it differs; a change in the work tree is named before one in the index.
    public let kind: Kind
}
