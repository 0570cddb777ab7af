// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
import Git

extension OpenDesk {
    /// Whether any agent's newest turn was one of a desk that runs in the present.
    ///
    /// Such a desk has left its recorded past behind, also when somebody has taken turns off its
    /// branches since.
    public func hasRunLive() throws -> Bool {
        let marks = try repository.keptPublication()?.publisher.branchMarks() ?? [:]
        for agent in configuration.agents {
            let reference = agent.name.reference
            for head in [try repository.reference(reference), marks[reference]?.head] {
                guard let head, try repository.contains(head) else { continue }
                let commit = try repository.commit(head)
                let newest = try repository.newestTurn(of: agent.name, from: commit)
                if newest?.record.triggers.isEmpty == false { return true }
            }
        }
        return false
    }

    /// What the newest turn of an agent says, over which joins and commits of other people may lie;
    /// nil before its first.
    public func newestRecord(of agent: AgentName) throws -> TurnRecord? {
        guard let head = try repository.reference(agent.reference) else { return nil }
        return try repository.newestTurn(of: agent, from: try repository.commit(head))?.record
    }
}
