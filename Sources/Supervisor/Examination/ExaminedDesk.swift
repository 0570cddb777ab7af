// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Git
public import Processes

/// A desk that opened, as the checks see it.
public struct ExaminedDesk {
    /// The desk.
    public let desk: OpenDesk
    /// What is known of the computer.
    public let facts: SystemFacts
    /// Who runs the desk, in words; nil when nobody does.
    public let holder: String?
    /// The process that runs it; nil when nobody does, or it has not said who it is.
    public let process: HolderInfo?

    /// Whether a supervisor is at work, so that worktrees and ledger belong to it.
    public var isRunning: Bool { holder != nil }

    init(_ desk: OpenDesk, _ facts: SystemFacts) throws {
        self.desk = desk
        self.facts = facts
        holder = try DeskLock.holder(desk.folder)
        process = try DeskLock.holderInfo(desk.folder)
    }
}
