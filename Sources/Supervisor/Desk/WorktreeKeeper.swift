// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Makes the worktrees of agents and puts them back to the last commit.
struct WorktreeKeeper {
    let desk: OpenDesk

    /// Makes sure that an agent's worktree is there and clean; what differs from the branch is
    /// saved on a rescue ref first.
    /// - Returns: The rescue ref, if anything had to be saved.
    func prepare(_ agent: AgentConfiguration) throws -> String? {
        let path = desk.folder.worktree(agent.name).path
        let known = try desk.repository.worktrees().first { $0.name == agent.name.description }
        guard let known else {
            _ = try desk.repository.addWorktree(
                name: agent.name.description,
                at: path,
                branch: agent.name.branch,
                visible: AgentBranch.visiblePaths(of: agent)
            )
            return nil
        }
        if known.isMissing {
            _ = try desk.repository.repairWorktree(agent.name.description)
            return nil
        }
        try clearExchange(agent)
        let rescued = try desk.repository.rescue(
            worktree: agent.name.description, agent: agent.name.description)
        try reset(agent)
        return rescued?.reference
    }

    /// Rewrites the agent's files from the branch and empties the exchange folders.
    func reset(_ agent: AgentConfiguration) throws {
        _ = try desk.repository.restore(worktree: agent.name.description)
        try clearExchange(agent)
    }

    /// Makes `git status` in the worktree say what is true, after the branch has moved.
    func refresh(_ agent: AgentConfiguration) throws {
        try desk.repository.refreshIndex(of: agent.name.description)
    }

    private func clearExchange(_ agent: AgentConfiguration) throws {
        let worktree = desk.folder.worktree(agent.name)
        for name in [TurnContract.inbox, TurnContract.outbox, TurnContract.work] {
            let folder = worktree.folder(name)
            if folder.exists { try folder.removeContents() }
        }
    }
}
