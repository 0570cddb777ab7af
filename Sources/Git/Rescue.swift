// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Something that was saved below `refs/rescue/` before a desk put its branch or worktree right.
public struct Rescue: Hashable, Sendable {
    /// The name under which it was saved.
    public let reference: String
    /// The commit whose tree holds what was saved.
    public let commit: ObjectID
    /// Whose it was.
    public let agent: String
    /// The time of the commit that was the head then, in seconds since 1970.
    public let seconds: Int64
    /// Why it was saved.
    public let reason: String
    /// The head it was saved on top of; the commit itself when a whole branch was saved.
    public let head: ObjectID?
    /// True when the ref was gathered into an archive; the commit is kept by that.
    public let isArchived: Bool
}
