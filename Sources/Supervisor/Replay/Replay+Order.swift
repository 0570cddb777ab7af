// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Logging
import Processes

/// Putting a desk in order before a replay, and leaving it in order.
extension Replay {
    /// Puts repository, branches and worktrees in order.
    func prepare() throws -> (BranchRecovery, rescued: [String]) {
        try desk.folder.logs.create()
        try HealthFile(desk.folder).clear()
        // The ledger flushes what lies below; a power cut must not take the folder itself.
        try desk.folder.root.flush()
        try desk.repository.sweepStaleFiles()
        try desk.repository.prepareSettings()
        try desk.requireSafeSettings()
        try desk.requireWholeHistory()
        let time = Instant(desk.configuration.replay.lowerBound)
        let recovery = try BranchGuard(desk: desk).recover(at: time, inReplay: true)
        for report in recovery.reports {
            surroundings.logger.notice(
                "\(report)",
                metadata: ["code": "\(report.code.rawValue)"]
            )
        }
        let main = try desk.mainHead()
        self.main = main
        let keeper = WorktreeKeeper(desk: desk)
        let agents = desk.configuration.agents
        let unborn = try agents.filter { try desk.repository.reference($0.name.reference) == nil }
        for agent in unborn { try desk.requireNew(agent.name) }
        try keeper.makeBranches(of: unborn, at: main, time: time)
        try keeper.complete(agents)
        let known = Dictionary(
            uniqueKeysWithValues: try desk.repository.worktrees().map { ($0.name, $0) }
        )
        try keeper.make(agents.filter { known[$0.name.description] == nil })
        var rescued: [String] = []
        for agent in agents {
            guard let recorded = known[agent.name.description] else { continue }
            surroundings.logger.note(inspector.sweep(agent), of: agent.name)
            if let reference = try keeper.prepare(recorded, of: agent) {
                surroundings.logger.notice(
                    "changes found in a worktree were saved",
                    metadata: ["agent": "\(agent.name)", "reference": "\(reference)"]
                )
                rescued.append(reference)
            }
        }
        return (recovery, rescued)
    }

    /// Ends every process and leaves the worktrees as `git status` expects them.
    ///
    /// In another desk that has taken the place of this one, nothing is touched.
    func windDown() {
        runner.stop()
        guard surroundings.claim?.isHeld ?? true else { return gateway.kill() }
        gateway.stop()
        do {
            try desk.repository.stopMerging()
        } catch {
            surroundings.logger.warning("packs not merged", metadata: ["error": "\(error)"])
        }
        committer.close()
        do {
            // Only whole instants, or whole rounds if they are durable, as after a kill.
            try desk.repository.recoverPublication().requireMoved()
            try blindMail.trials.save()
        } catch {
            surroundings.logger.warning("not published yet", metadata: ["error": "\(error)"])
        }
        for agent in desk.configuration.agents {
            do {
                try WorktreeKeeper(desk: desk).putBack(agent)
                surroundings.logger.note(inspector.sweep(agent), of: agent.name)
                try WorktreeKeeper(desk: desk).refresh(agent)
            } catch {
                surroundings.logger.warning(
                    "worktree not refreshed",
                    metadata: ["agent": "\(agent.name)", "error": "\(error)"]
                )
            }
        }
    }
}
