// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Logging
import Processes

/// What the owner does beside a live desk, and the tidying of what both leave.
extension LiveDesk {
    /// Looks whether somebody moved a branch, also one on which nothing waits.
    func takeForeignMoves() throws {
        let look = BranchLook(desk)
        guard look != branchLook else { return }
        try surroundings.claim?.require()
        let newest = branches.values.compactMap(\.record?.time).max()
        note(try committer.settle(at: newest ?? wall.now(), &branches))
        branchLook = look
    }

    /// Takes a newer `main` into an agent's branch, unless it brings a skill that cannot be used.
    func takeInMain(for agent: LiveAgent) throws {
        guard let known = branches[agent.name], known.main != main, agent.refused != main else {
            return
        }
        // The agent's own folders are taken over as they are stored, not as they are in memory.
        try publish()
        guard var branch = branches[agent.name] else { return }
        do {
            let overruled = try branch.takeIn(main: main, repository: desk.repository)
            _ = try branch.loadSkills(desk.repository)
            branches[agent.name] = branch
            note(OwnerReport.overruled(overruled, of: agent.name))
        } catch let error as DeskError {
            agent.refused = main
            surroundings.logger.warning(
                "a skill on main is refused; the agent goes on with the old one",
                metadata: ["agent": "\(agent.name)", "error": "\(error)"]
            )
        }
    }

    /// Looks whether anybody was in an agent's worktree, and puts it right.
    /// - Returns: Whether the agent may have a turn now.
    func isInOrder(_ agent: LiveAgent) throws -> Bool {
        // What is missing in another desk's worktree is not to be put there.
        try surroundings.claim?.require()
        // Publishing may find things that have to be shown in worktrees, so it comes before.
        if worktrees.mustLook(agent.configuration) {
            // A branch that is gone is made again first, or the worktree would be put back to none.
            try takeForeignMoves()
            try publish()
            sweep(agent.configuration)
        }
        let found = try worktrees.check(agent.configuration) {}
        note(found.reports)
        guard !found.mustWait else {
            agent.restAt = surroundings.clock.deadline(in: Self.glance)
            return false
        }
        // A process stays in the folder in which it was started, and that one may be gone.
        if let home = agent.home, agent.process.child != nil, home.folder != folder(of: agent) {
            agent.process.kill()
            startProcess(of: agent)
        }
        return true
    }

    /// As ``isInOrder(_:)``; a worktree that cannot be put right now is looked at again later.
    func isReady(_ agent: LiveAgent) -> Bool {
        var isReady = false
        reporting("put a worktree right") { isReady = try isInOrder(agent) }
        return isReady
    }

    /// Looks at one worktree of an agent that rests, each time at another.
    ///
    /// All are looked at before a turn. This is for agents that seldom have one.
    func lookAround() {
        guard trouble == nil, !agents.isEmpty else { return }
        let agent = agents[lookedAt % agents.count]
        lookedAt += 1
        guard agent.isResting, agent.quarantine == nil, agent.restartAt == nil else { return }
        // The process of an agent that rests may write all the same.
        sweep(agent.configuration)
        _ = isReady(agent)
    }

    /// Makes the indexes of worktrees new whose branches have moved, a slice at a time.
    ///
    /// With an old one git takes the agent's newest words for deleted, and somebody who commits in
    /// the worktree would take them back.
    func refreshIndexes() {
        guard trouble == nil, unpublishedSince == nil else { return }
        let end = surroundings.clock.deadline(in: Self.refreshSlice)
        for agent in agents where agent.indexIsOld && agent.isResting {
            reporting("refresh the index of a worktree") {
                note(try worktrees.refresh(agent.configuration))
                agent.indexIsOld = false
            }
            guard surroundings.clock.now() < end else { return }
        }
    }

    /// Makes harmless what an agent left in its worktree.
    func sweep(_ agent: AgentConfiguration) {
        note(starter.inspector.sweep(agent), of: agent.name)
    }

    /// Reports what was made harmless in a worktree.
    func note(_ findings: [SweepFinding], of agent: AgentName) {
        surroundings.logger.note(findings, of: agent)
        for finding in findings {
            events.emit(
                .worktreeSwept(
                    agent,
                    path: finding.path,
                    action: finding.word,
                    detail: finding.detail
                )
            )
        }
    }

    /// Notes in which folder an agent's process was started.
    func noteHome(of agent: LiveAgent) {
        guard let child = agent.process.child, agent.home?.processID != child.processID else {
            return
        }
        agent.home = (child.processID, folder(of: agent))
        agent.untoldEnd = child.processID
    }

    /// Whether somebody has taken an agent's worktree away since its process was started there.
    func isTakenAway(_ agent: LiveAgent) -> Bool {
        guard let home = agent.home else { return false }
        guard let folder = folder(of: agent), folder == home.folder else { return true }
        // A folder made anew can have the number of the old one, but has no inbox before a turn.
        let hadTurn = agent.begunAt != nil
        guard !hadTurn || desk.folder.worktree(agent.name).contains(TurnContract.inbox) else {
            return true
        }
        // Git's record that cannot be read has been touched by somebody as well.
        let known = try? desk.repository.worktrees().first { $0.name == agent.name.description }
        return known?.branch != agent.name.branch
    }

    private func folder(of agent: LiveAgent) -> FolderIdentity? {
        FolderIdentity(desk.folder.worktree(agent.name).path)
    }

    /// Puts a worktree back to its branch after a turn that came to nothing.
    func putBack(_ agent: LiveAgent) throws {
        // A worktree is put back from its branch as it is published.
        try publish()
        worktrees.forget(agent.configuration)
        // What cannot be put back now is put right before the next turn.
        reporting("put a worktree back") {
            try WorktreeKeeper(desk: desk).putBack(agent.configuration)
            sweep(agent.configuration)
            worktrees.remember(agent.configuration)
        }
    }

    /// Reports what somebody else did, and shows the agents what it changed for them.
    func note(_ reports: [OwnerReport]) {
        for report in reports {
            surroundings.logger.notice(
                "\(report.message)",
                metadata: ["code": "\(report.code.rawValue)"]
            )
            events.emit(
                .foreignChange(
                    report.agent,
                    what: report.code.rawValue,
                    reference: report.rescue ?? report.agent?.reference ?? "refs/heads/main"
                )
            )
            if let rescue = report.rescue {
                events.emit(.rescued(report.agent, reference: rescue, reason: report.message))
            }
            guard report.code.changesFiles else { continue }
            if let agent = report.agent.flatMap(agent) { follow(agent) }
        }
    }

    /// Takes in that an agent's branch is another than before.
    private func follow(_ agent: LiveAgent) {
        guard agent.isIdle else { return }
        guardingStorage("show a branch in its worktree") {
            note(try worktrees.show(agent.configuration))
        }
    }

    /// Packs what has gathered, a slice at a time, when nothing else is to be done.
    func tidy() throws {
        let start = surroundings.clock.now()
        guard !isTidy, tidyAt <= start, unpublishedSince == nil, agents.allSatisfy(\.isIdle) else {
            return
        }
        // On a thread of its own: a turn may become due any moment.
        try desk.repository.mergePacksBeside()
        guard !desk.repository.isMergingPacks else { return }
        let end = start.advanced(by: Self.tidySlice)
        let report = try desk.repository.maintain(by: desk.maintainer) {
            surroundings.clock.now() < end
        }
        isTidy = report.isComplete
        tidyAt = surroundings.clock.deadline(in: report.isComplete ? Self.tidyPause : .zero)
        let seconds = surroundings.clock.now().seconds(since: start)
        if report.mergedPacks + report.archivedRescues + report.packedReferences > 0 {
            let detail =
                "\(report.mergedPacks) packs merged, \(report.archivedRescues) rescues archived,"
                + " \(report.packedReferences) references packed"
            events.emit(.maintenance(task: "repository", seconds: seconds, detail: detail))
        }
        guard forgetAt <= start else { return }
        forgetAt = surroundings.clock.deadline(in: .seconds(3600))
        // Senders repeat for days what was not answered in time.
        try spool.sweep(before: wall.now().adding(seconds: -Self.memory))
        try starter.inspector.forgetRefused(at: wall.now())
    }

    /// How long indexes are written before the desk looks around again.
    private static let refreshSlice: Duration = .milliseconds(20)
    /// How long the desk tidies before it looks around again, and pauses once it is done.
    private static let tidySlice: Duration = .milliseconds(50)
    private static let tidyPause: Duration = .seconds(60)

    /// How long the ids of answered requests are remembered, in seconds.
    static let memory: Int64 = 7 * 86_400
}
