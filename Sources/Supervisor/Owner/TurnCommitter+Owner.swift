// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

extension TurnCommitter {
    /// Publishes what waits, settling whatever somebody did to the branches meanwhile.
    /// - Returns: What was found and done; empty when nobody interfered.
    func publish(
        at time: Instant,
        settling branches: inout [AgentName: AgentBranch]
    ) throws -> [OwnerReport] {
        try BranchGuard(desk: desk).publish(publisher, branches: &branches, at: time)
    }

    /// Looks whether somebody moved a branch, also one on which nothing waits, and settles it.
    ///
    /// Costs one small file for each agent when nobody did.
    /// - Returns: What was found and done; empty when nobody interfered.
    func settle(
        at time: Instant,
        _ branches: inout [AgentName: AgentBranch]
    ) throws -> [OwnerReport] {
        let guarding = BranchGuard(desk: desk)
        guard try !guarding.foreignMoves(branches, publisher).isEmpty else { return [] }
        let found = try guarding.settle(publisher, branches: &branches, at: time)
        try keep(at: time)
        return try found + guarding.publish(publisher, branches: &branches, at: time)
    }

    /// Lets `git gc` run in the desk again; nothing waits for publication any more.
    func close() { publisher.close() }
}
