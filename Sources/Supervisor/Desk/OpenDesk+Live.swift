// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

extension OpenDesk {
    /// Whether any agent's newest turn was one of a desk that runs in the present.
    ///
    /// Such a desk has left its recorded past behind.
    public func hasRunLive() throws -> Bool {
        for agent in configuration.agents {
            guard let head = try repository.reference(agent.name.reference) else { continue }
            let branch = try AgentBranch(
                agent: agent,
                head: head,
                main: head,
                repository: repository
            )
            if branch.record?.triggers.isEmpty == false { return true }
        }
        return false
    }

    /// What the newest turn of an agent says; nil before its first.
    func newestRecord(of agent: AgentName) throws -> TurnRecord? {
        guard let head = try repository.reference(agent.reference) else { return nil }
        return try repository.newestTurn(of: agent, from: try repository.commit(head))?.record
    }
}
