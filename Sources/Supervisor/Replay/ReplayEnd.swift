// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a replay leaves behind besides its commits.
public struct ReplayEnd: Sendable {
    /// The gateway's summary of its ledger.
    public let ledger: JSON
    /// The rescue refs that were made because a worktree held something of somebody's.
    public let rescued: [String]
    /// What somebody had done to the branches before it began, and what was done about it.
    public let found: [OwnerReport]
}
