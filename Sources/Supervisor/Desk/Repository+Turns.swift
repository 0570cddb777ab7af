// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
public import Git

extension Repository {
    /// Whether an agent of the desk here has ever had a turn, also one that only the journal holds.
    ///
    /// What `main` contains does not count: a clone of a desk whose owner merged an agent's branch
    /// is new all the same.
    /// - Throws: A `GitError` when branches or journal cannot be read.
    public func hasHadTurns() throws -> Bool {
        let marks = try keptPublication()?.publisher.branchMarks() ?? [:]
        if marks.values.contains(where: { $0.turn > 0 }) { return true }
        let prefix = "refs/heads/agents/"
        let main = try reference("refs/heads/main")
        for (name, head) in try references(withPrefix: prefix) {
            guard let agent = AgentName(String(name.dropFirst(prefix.count))),
                let newest = try newestTurn(of: agent, from: try commit(head))?.commit.id
            else { continue }
            guard let main, try mergeBase(newest, main) == newest else { return true }
        }
        return false
    }
}
