// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What came of merging two commits, without touching a branch or a work tree.
public enum MergeOutcome: Hashable, Sendable {
    /// Theirs is already part of ours.
    case upToDate
    /// Ours is part of theirs, so the branch can simply move to this commit.
    case fastForward(ObjectID)
    /// Both had news that fit together; the tree is stored and waits for a commit.
    case merged(ObjectID)
    /// The paths that people have to settle, sorted.
    case conflicts([String])
}
