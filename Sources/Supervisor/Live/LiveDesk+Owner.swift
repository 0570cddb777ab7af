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
        defer { branchLook = look }
        let newest = branches.values.compactMap(\.record?.time).max()
        note(try committer.settle(at: newest ?? wall.now(), &branches))
    }

    /// Looks whether anybody was in an agent's worktree, and puts it right.
    /// - Returns: Whether the agent may have a turn now.
    func isInOrder(_ agent: LiveAgent) throws -> Bool {
        let found = try worktrees.check(agent.configuration) { try publish() }
        note(found.reports)
        if found.mustWait { agent.restAt = surroundings.clock.deadline(in: Self.glance) }
        return !found.mustWait
    }

    /// Puts a worktree back to its branch after a turn that came to nothing.
    func putBack(_ agent: LiveAgent) throws {
        // A worktree is put back from its branch as it is published.
        try publish()
        try WorktreeKeeper(desk: desk).reset(agent.configuration)
        worktrees.remember(agent.configuration)
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
    }

    /// How long the desk tidies before it looks around again, and pauses once it is done.
    private static let tidySlice: Duration = .milliseconds(50)
    private static let tidyPause: Duration = .seconds(60)

    /// How long the ids of answered requests are remembered, in seconds.
    private static let memory: Int64 = 7 * 86_400
}
