// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Compares each agent of the configuration with its branch and its worktree.
struct RegistryCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "agents" }

    func look() throws -> ExaminationResult {
        let known = try scene.desk.repository.worktrees()
        var findings: [Finding] = []
        for agent in scene.desk.configuration.agents {
            let record = known.first { $0.name == agent.name.description }
            if let found = try look(agent, record) { findings.append(found) }
        }
        let count = scene.desk.configuration.agents.count
        let detail =
            scene.isRunning
            ? "every agent has its branch; the worktrees are in use"
            : "the branches and worktrees of \(count) agents agree"
        let isPlain = findings.allSatisfy { $0.code != .branchMissing }
        return ExaminationResult(findings, detail: isPlain ? detail : nil)
    }

    private func look(_ agent: AgentConfiguration, _ record: Worktree?) throws -> Finding? {
        if let found = try BranchFinding(scene.desk, agent.name).look() { return found }
        // A desk that runs looks after its worktrees itself.
        guard !scene.isRunning else { return nil }
        guard let record else {
            return worktree(agent, .worktreeForgotten, "git has no worktree of that name")
        }
        guard WorktreeKeeper.isSame(record.path, scene.desk.folder.worktree(agent.name).path) else {
            return worktree(agent, .worktreeMoved, "git has its worktree at \(record.path)")
        }
        guard !record.isMissing else {
            return worktree(
                agent,
                .worktreeMissing,
                "the worktree's folder is gone; everything published is on the branch"
            )
        }
        guard record.branch == agent.name.branch else {
            let other = record.branch ?? "a commit without a branch"
            return worktree(agent, .worktreeSwitched, "\(other) is checked out in its worktree")
        }
        let underWay = try scene.desk.repository.operationsUnderWay(in: record.name)
        guard underWay.isEmpty else {
            let what = underWay.joined(separator: ", ")
            return worktree(agent, .worktreeBusy, "its worktree has \(what) of a merge or the like")
        }
        guard try scene.desk.repository.hasReadableIndex(of: record.name) else {
            return worktree(agent, .worktreeUnreadable, "git cannot read the index of its worktree")
        }
        let changes = try scene.desk.repository.worktreeChanges(record.name)
        guard !changes.isEmpty else { return nil }
        let names = changes.prefix(3).joined(separator: ", ")
        let rest = changes.count > 3 ? " and \(changes.count - 3) more" : ""
        return worktree(agent, .worktreeEdited, "\(names)\(rest) differ from the branch")
    }

    private func worktree(
        _ agent: AgentConfiguration,
        _ code: FindingCode,
        _ message: String
    ) -> Finding {
        Finding(
            code,
            at: agent.name.description,
            message,
            remedy: "start the desk, which saves what is there under refs/rescue/\(agent.name)/ and"
                + " puts it right"
        )
    }
}
