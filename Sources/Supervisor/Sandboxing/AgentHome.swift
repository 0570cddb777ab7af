// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The places in its worktree that an agent writes to, which its sandbox is tied to.
///
/// A process keeps the places that it was started with. When one is replaced by another of the
/// same name, it can write there no more and has to be started again.
struct AgentHome: Hashable {
    private let places: [FolderIdentity?]

    /// Looks at the places.
    init(_ agent: AgentName, in desk: DeskFolder) {
        let worktree = desk.worktree(agent)
        let names = ["", TurnContract.outbox, TurnContract.work, "\(agent.folder)/STATE.md"]
        places = names.map { FolderIdentity(worktree.path(of: $0)) }
    }

    /// Makes the places that are missing; the memory is empty before the first turn.
    /// - Returns: Whether anything was missing.
    static func complete(_ agent: AgentName, in desk: DeskFolder) throws(FileError) -> Bool {
        let worktree = desk.worktree(agent)
        var wasMissing = false
        for name in [TurnContract.outbox, TurnContract.work] where !worktree.contains(name) {
            try worktree.folder(name).create()
            wasMissing = true
        }
        let state = "\(agent.folder)/STATE.md"
        guard worktree.contains(agent.folder), !worktree.contains(state) else { return wasMissing }
        try worktree.overwrite(state, with: [])
        return true
    }
}
