// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A linked worktree as the repository knows it.
public struct Worktree: Hashable, Sendable {
    /// The name of its record below `.git/worktrees`.
    public let name: String
    /// Its folder.
    public let path: String
    /// The branch it has checked out; nil when it has a bare commit.
    public let branch: String?
    /// True when its folder, or the `.git` file in it, is gone.
    public let isMissing: Bool
    /// True when its making was cut short.
    public let isUnfinished: Bool
}

/// A linked worktree that is to be added.
public struct NewWorktree: Hashable, Sendable {
    /// The name of its record.
    public let name: String
    /// Its folder, which must be absent or empty.
    public let path: String
    /// An existing branch that no other worktree has checked out.
    public let branch: String
    /// The files and folders that it holds on the disk.
    public let visible: [String]

    /// Describes a worktree.
    public init(name: String, path: String, branch: String, visible: [String]) {
        self.name = name
        self.path = path
        self.branch = branch
        self.visible = visible
    }
}
