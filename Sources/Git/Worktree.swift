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
}
