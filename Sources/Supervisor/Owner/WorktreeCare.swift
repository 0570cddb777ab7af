// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Puts one worktree back to its branch, after saving what somebody has in it.
struct WorktreeCare {
    let desk: OpenDesk
    let agent: AgentConfiguration

    private var name: String { agent.name.description }
    private var place: String { desk.folder.worktree(agent.name).path }
    private var repository: Repository { desk.repository }

    /// Finds what differs from what a desk keeps, saves it and puts it right.
    /// - Returns: What was found; empty when all was as it should be.
    func putRight() throws -> [OwnerReport] {
        var reports: [OwnerReport] = []
        if let kept = try WorktreeKeeper(desk: desk).clearPlace(of: agent) {
            let found = "a link or file stood in place of the worktree; it is now \(kept)"
            reports.append(report(.worktreeMissing, found))
        }
        guard let record = try repository.worktrees().first(where: { $0.name == name }) else {
            return reports + [try register()]
        }
        if let report = try bringBack(record) { reports.append(report) }
        let known = try repository.worktrees().first { $0.name == name } ?? record
        if known.isMissing {
            // It is there without its `.git` file, or not at all.
            let isGone = !desk.folder.root.contains("worktrees/\(name)")
            reports.append(try repair(known, isGone: isGone))
            return reports
        }
        if let report = try detach(known) { reports.append(report) }
        if let report = try tidy() { reports.append(report) }
        return reports
    }

    /// Makes a worktree whose record is gone.
    private func register() throws -> OwnerReport {
        let visible = AgentBranch.visiblePaths(of: agent)
        let branch = agent.name.branch
        guard desk.folder.root.contains("worktrees/\(name)") else {
            _ = try repository.addWorktree(
                name: name,
                at: place,
                branch: branch,
                visible: visible
            )
            return report(.worktreeForgotten, "the worktree was removed by somebody; made again")
        }
        try repository.adoptWorktree(name: name, at: place, branch: branch, visible: visible)
        let saved = try save("git had forgotten the worktree, which held changes")
        try WorktreeKeeper(desk: desk).reset(agent)
        return report(
            .worktreeForgotten,
            "git had forgotten the worktree; it was registered again",
            saved
        )
    }

    /// Brings back a worktree that somebody moved; a copy's original is left where it is.
    private func bringBack(_ record: Worktree) throws -> OwnerReport? {
        guard !WorktreeKeeper.isSame(record.path, place) else { return nil }
        let isOurs = try repository.isWorktree(name, at: record.path)
        let isMoved = isOurs ? try repository.moveWorktree(name, to: place) : false
        if !isMoved {
            let saved = isOurs ? try save("the worktree was moved to \(record.path)") : nil
            try repository.relocateWorktree(name, to: place)
            guard isOurs else { return nil }
            return report(
                .worktreeMoved,
                "the worktree was moved by somebody to \(record.path), where it was left; made"
                    + " again",
                saved
            )
        }
        return report(
            .worktreeMoved,
            "the worktree was moved by somebody to \(record.path) and was moved back"
        )
    }

    private func repair(_ known: Worktree, isGone: Bool) throws -> OwnerReport {
        var saved: String?
        if !isGone {
            // Without its `.git` file the folder may hold anything; it is compared all the same.
            try repository.relocateWorktree(name, to: place)
            saved = try save("the worktree had lost its .git file")
        }
        saved = try attach("the worktree was deleted by somebody", saved)
        _ = try repository.repairWorktree(name)
        if !isGone { try WorktreeKeeper(desk: desk).reset(agent) }
        return report(.worktreeMissing, "the worktree was deleted by somebody; made again", saved)
    }

    /// Puts the worktree back on the agent's branch when something else is checked out or under
    /// way.
    private func detach(_ known: Worktree) throws -> OwnerReport? {
        let underWay = try repository.operationsUnderWay(in: name)
        let isElsewhere = known.branch != agent.name.branch
        guard isElsewhere || !underWay.isEmpty else { return nil }
        let found =
            isElsewhere
            ? "\(known.branch ?? "a commit without a branch") was checked out"
            : "\(underWay[0]) was left by a merge, rebase or the like"
        let edits = try save("\(found) in the worktree by somebody")
        let saved = try attach(found, edits)
        try WorktreeKeeper(desk: desk).reset(agent)
        return report(
            isElsewhere ? .worktreeSwitched : .worktreeBusy,
            "\(found) in the worktree by somebody; put back on \(agent.name.branch)",
            saved
        )
    }

    private func tidy() throws -> OwnerReport? {
        let keeper = WorktreeKeeper(desk: desk)
        let found = "somebody changed files in the worktree"
        try keeper.forgetEmptyMemory(of: agent)
        guard let saved = try rescue(found) else {
            // Somebody may have asked git for the status, which rewrites the index.
            try keeper.show(agent)
            return nil
        }
        try keeper.reset(agent)
        return report(.worktreeEdited, "\(found); put back to the branch", saved)
    }

    /// Empties the exchange folders and saves what else the worktree holds beyond its head.
    private func save(_ reason: String) throws -> String? {
        try WorktreeKeeper(desk: desk).clearExchange(agent)
        return try rescue(reason)
    }

    /// Saves what the worktree holds beyond its head, but for what git ignores.
    private func rescue(_ reason: String) throws -> String? {
        try repository.rescue(worktree: name, agent: name, reason: reason)?.reference
    }

    /// Puts the worktree on the agent's branch.
    ///
    /// Commits that were made without a branch are saved first, unless the agent's branch or what
    /// was saved already has them.
    /// - Returns: The rescue ref: the one given, or else that of the commits.
    private func attach(_ found: String, _ saved: String?) throws -> String? {
        var rescue = saved
        try repository.attachWorktree(name, to: agent.name.branch) { (head) throws(GitError) in
            guard try repository.contains(head) else { return }
            for reference in [agent.name.reference, saved].compactMap(\.self) {
                guard let kept = try repository.reference(reference) else { continue }
                if try repository.mergeBase(head, kept) == head { return }
            }
            let commit = try repository.commit(head)
            let reference = try repository.saveAside(
                head,
                tree: commit.tree,
                as: RescueNote(agent: name, reason: found, head: head),
                seconds: commit.author.seconds
            )
            rescue = rescue ?? reference
        }
        return rescue
    }

    private func report(
        _ code: OwnerReport.Code,
        _ message: String,
        _ rescue: String? = nil
    ) -> OwnerReport {
        OwnerReport(code, agent: agent.name, "\(agent.name): \(message)", rescue: rescue)
    }
}
