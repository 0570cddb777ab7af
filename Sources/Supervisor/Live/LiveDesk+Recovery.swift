// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Logging
import Processes

/// Taking a desk up where it was left, however it was left, and leaving it in order.
extension LiveDesk {
    /// Puts repository, branches and worktrees in order.
    func prepare() throws -> BranchRecovery {
        try desk.folder.logs.create()
        // The ledger flushes what lies below; a power cut must not take the folder itself.
        try desk.folder.root.flush()
        reporting("tell that all is well") { try HealthFile(desk.folder).write([]) }
        try desk.repository.sweepStaleFiles()
        try desk.repository.prepareSettings()
        try desk.requireSafeSettings()
        try desk.requireWholeHistory()
        let recovery = try BranchGuard(desk: desk).recover(at: wall.now())
        note(recovery.reports)
        let keeper = WorktreeKeeper(desk: desk)
        let agents = desk.configuration.agents
        let known = try Set(desk.repository.worktrees().map(\.name))
        let unborn = try agents.filter { try desk.repository.reference($0.name.reference) == nil }
        for agent in unborn where known.contains(agent.name.description) {
            note([.lost(agent.name)])
        }
        try keeper.makeBranches(of: unborn, at: main, time: wall.now())
        try keeper.complete(agents)
        let fresh = agents.filter {
            !known.contains($0.name.description) && !desk.folder.worktree($0.name).exists
        }
        try keeper.make(fresh)
        for agent in fresh { worktrees.remember(agent) }
        for agent in agents {
            if known.contains(agent.name.description) { sweep(agent) }
            note(try worktrees.check(agent) {}.reports)
            try completeHome(of: agent)
        }
        return recovery
    }

    /// Makes what a sandbox will be tied to now: when it is made later, as for a probe, it looks
    /// like the work of somebody who was in the worktree, and all of that would be compared.
    private func completeHome(of agent: AgentConfiguration) throws {
        let isKnown = !worktrees.mustLook(agent)
        let wasMissing = try surroundings.launcher.completeHome(of: agent, desk: desk)
        if wasMissing, isKnown { worktrees.remember(agent) }
    }

    /// Takes up history: branches, mail that waits, the market, schedules.
    func restore(_ recovery: BranchRecovery) throws {
        for agent in desk.configuration.agents {
            // Where somebody moves a branch from now on is found as on a running desk.
            let left = recovery.heads[agent.name]
            guard let head = try left ?? desk.repository.reference(agent.name.reference) else {
                continue
            }
            branches[agent.name] = try AgentBranch(
                agent: agent,
                head: head,
                main: try desk.repository.mergeBase(head, main) ?? head,
                repository: desk.repository
            )
            branches[agent.name]?.turnFloor = recovery.floors[agent.name] ?? 0
        }
        lastBar = try market.restore(desk, branches: branches)
        try blindMail.restore(branches)
        let mail = WaitingMail(desk, branches: branches)
        for agent in desk.configuration.agents {
            agents.append(LiveAgent(agent, mailbox: try mail.mailbox(of: agent)))
            clock.add(agent, since: branches[agent.name]?.record?.time)
            if agent.triggers.goal != nil { unreviewed.insert(agent.name) }
        }
        let summary = try gateway.ask("ledger/summary", [:])
        try AccountFile(desk.folder).write(summary["account"], branches, isLive: true)
        metrics.update { $0.isHalted = summary["state"]?.stringValue == "halted" }
        if let settled = summary["settledThrough"]?.stringValue.flatMap({ Instant($0) }) {
            gatewayPlace = (settled, 0)
        }
    }

    /// Settles the gateway at the prices of a bar.
    func settle(at time: Instant) throws {
        let settled = try gateway.ask("session/settle", ["time": .string(time.description)])
        reporting("write the account's figures") {
            try AccountFile(desk.folder).write(settled["account"], branches, isLive: true)
        }
        if gatewayPlace.map({ $0.time < time }) ?? true { gatewayPlace = (time, 0) }
    }

    /// Ends every process, publishes, and leaves the worktrees as `git status` expects them.
    ///
    /// In another desk that has taken the place of this one, nothing is touched.
    func windDown() {
        guard surroundings.claim?.isHeld ?? true else { return abandon() }
        endChecks()
        for agent in agents {
            agent.process.kill()
            tellEnd(of: agent, "the desk stops")
        }
        gateway.stop()
        reporting("publish") { try publish() }
        reporting("merge packs") { try desk.repository.stopMerging() }
        committer.close()
        blindMail.trials.tell()
        reporting("keep the ledger of trials") { try blindMail.trials.save() }
        for agent in desk.configuration.agents {
            reporting("put the worktree of \(agent.name) in order") {
                note(try worktrees.check(agent) {}.reports)
                try WorktreeKeeper(desk: desk).putBack(agent)
                sweep(agent)
                try WorktreeKeeper(desk: desk).refresh(agent)
            }
        }
        reporting("tell that all is well") { try HealthFile(desk.folder).write([]) }
        events.emit(.deskDown(reason: "\(end)"))
        events.flush()
    }

    /// Ends every process at once and writes nothing, not even to a log.
    private func abandon() {
        endChecks()
        for agent in agents { agent.process.kill() }
        gateway.kill()
    }
}

extension OwnerReport {
    fileprivate static func lost(_ agent: AgentName) -> OwnerReport {
        OwnerReport(
            .branchLost,
            agent: agent,
            "\(agent.branch) was deleted while the desk was down; the agent starts again from main"
        )
    }
}
