// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Git

/// Finds what somebody did to the worktrees of agents, saves it, and puts the worktrees back.
///
/// ``check(_:publish:)`` before a turn costs some twenty looks at files when nobody was there.
/// After the desk itself has written into a worktree, ``remember(_:)`` says that all is as it left
/// it. What somebody writes while the agent's own turn is running cannot be told from what the
/// agent writes.
struct WorktreeGuard {
    private let desk: OpenDesk
    private var looks: [AgentName: WorktreeLook] = [:]
    private var waiting: Set<AgentName> = []

    init(desk: OpenDesk) { self.desk = desk }

    /// Takes a worktree as it is now for as the desk left it.
    mutating func remember(_ agent: AgentConfiguration) {
        looks[agent.name] = WorktreeLook(desk, agent)
    }

    /// Makes the next check look closely.
    mutating func forget(_ agent: AgentConfiguration) {
        looks[agent.name] = nil
    }

    /// Whether anything in a worktree is not as it was remembered.
    func mustLook(_ agent: AgentConfiguration) -> Bool {
        // One may have been taken away right before it was remembered.
        let look = WorktreeLook(desk, agent)
        return !look.isWhole || looks[agent.name] != look
    }

    /// Writes the files of a branch into its worktree, after somebody's commits have changed them.
    ///
    /// To be called for the agent of each report whose ``OwnerReport/Code/changesFiles`` is true,
    /// once the branch is published and before the agent's next turn.
    /// - Returns: What was found in the worktree; empty when nobody was there.
    /// - Throws: A `GitError` when the worktree cannot be written.
    mutating func show(_ agent: AgentConfiguration) throws -> [OwnerReport] {
        guard !mustLook(agent) else {
            // Somebody was here as well: what differs from the branch is saved first.
            looks[agent.name] = nil
            return try check(agent) {}.reports
        }
        looks[agent.name] = nil
        try WorktreeKeeper(desk: desk).show(agent)
        remember(agent)
        return []
    }

    /// Makes the index of a worktree new after its branch has moved.
    ///
    /// To be called once the branch is published, while the agent has no turn.
    /// - Returns: What was found in the worktree; empty when nobody was there.
    /// - Throws: A `GitError` when the index cannot be written.
    mutating func refresh(_ agent: AgentConfiguration) throws -> [OwnerReport] {
        guard !mustLook(agent) else { return try check(agent) {}.reports }
        looks[agent.name] = nil
        try WorktreeKeeper(desk: desk).refresh(agent)
        remember(agent)
        return []
    }

    /// Looks whether anybody was in a worktree since it was remembered, and puts it right.
    ///
    /// - Parameters:
    ///   - agent: The agent, which must not be running a turn.
    ///   - publish: Publishes what waits, because a worktree is compared with its branch.
    /// - Returns: What was found and done, and whether the agent has to wait because another
    ///   process holds the index of its worktree; that is reported once.
    /// - Throws: What `publish` throws, and a `GitError` when the worktree cannot be put right.
    mutating func check(
        _ agent: AgentConfiguration,
        publish: () throws -> Void
    ) throws -> (reports: [OwnerReport], mustWait: Bool) {
        let name = agent.name
        guard mustLook(agent) else { return ([], false) }
        if let lock = try desk.repository.indexLock(of: name.description) {
            guard waiting.insert(name).inserted else { return ([], true) }
            let message = "the worktree of \(name) waits for the process that holds \(lock)"
            return ([OwnerReport(.worktreeLocked, agent: name, message)], true)
        }
        waiting.remove(name)
        try publish()
        let reports: [OwnerReport]
        do {
            reports = try WorktreeCare(desk: desk, agent: agent).putRight()
        } catch let error as GitError where error.code == .locked {
            // Somebody took a lock in between; the next check comes by again.
            return ([], true)
        }
        remember(agent)
        return (reports, false)
    }
}
