// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where the unsaved work of a worktree has been put.
public struct RescueResult: Hashable, Sendable {
    /// The reference, `refs/rescue/<agent>/<id>`; the same work always gets the same one.
    public let reference: String
    /// The commit: its tree is the worktree, its first parent the head, and its second, if there
    /// is one, the index.
    public let commit: ObjectID
    /// The files that differed, sorted.
    public let paths: [String]
}
