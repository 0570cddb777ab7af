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

extension BranchGuard {
    /// Publishes what a killed desk had kept, settling what somebody did to the branches since.
    ///
    /// To be called instead of `Repository.recoverPublication()`, at the start, before branches are
    /// read.
    /// - Returns: What was found and done; empty when nobody interfered.
    func recover(at time: Instant) throws -> [OwnerReport] {
        guard let kept = try desk.repository.keptPublication() else { return [] }
        let publisher = kept.publisher
        try desk.repository.objects.write(publisher.batch, isDurable: false)
        var branches: [AgentName: AgentBranch] = [:]
        let main = try desk.repository.reference("refs/heads/main")
        for agent in desk.configuration.agents {
            let waiting = publisher.updates.first { $0.reference == agent.name.reference }
            guard let head = waiting?.target else { continue }
            let base = try main.flatMap { try desk.repository.mergeBase(head, $0) }
            branches[agent.name] = try AgentBranch(
                agent: agent,
                head: head,
                main: base ?? head,
                repository: desk.repository
            )
        }
        let reports = try publish(publisher, branches: &branches, at: time)
        try desk.repository.dropPublication()
        return reports
    }
}
