// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Looks for branches, worktrees and lessons of agents that the configuration does not have, and
/// for what was saved and not looked at.
struct StrangerCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "references" }

    func look() throws -> ExaminationResult {
        let repository = scene.desk.repository
        let agents = Set(scene.desk.configuration.agents.map(\.name.description))
        var findings: [Finding] = []
        var lessons = 0
        for (name, _) in try repository.references(withPrefix: "refs/heads/") {
            let parts = name.split(separator: "/").dropFirst(2)
            guard let kind = parts.first, kind == "agents" || kind == "skills", parts.count > 1
            else { continue }
            if kind == "skills" { lessons += 1 }
            let owner = String(parts[parts.startIndex + 1])
            if !agents.contains(owner) { findings.append(branch(name, owner)) }
        }
        let folder = scene.desk.folder.root.folder("worktrees")
        let onDisk = folder.exists ? try folder.names() : []
        for name in onDisk where !agents.contains(name) && folder.isOwnFolder(name) {
            findings.append(worktree(name))
        }
        let rescues = try repository.references(withPrefix: "refs/rescue/").count
        if rescues > 0 { findings.append(saved(rescues)) }
        return ExaminationResult(findings, detail: "\(lessons) lessons proposed")
    }

    private func branch(_ name: String, _ owner: String) -> Finding {
        let short = name.dropFirst("refs/heads/".count)
        return Finding(
            .branchOfNobody,
            at: String(short),
            "orchestrator.yml has no agent \(owner)",
            remedy: "keep it, or delete it with: git branch -D \(short)"
        )
    }

    private func worktree(_ name: String) -> Finding {
        Finding(
            .worktreeOfNobody,
            at: "worktrees/\(name)",
            "orchestrator.yml has no agent \(name)",
            remedy:
                "if nothing in it is wanted, remove it with: git worktree remove worktrees/\(name)"
        )
    }

    private func saved(_ count: Int) -> Finding {
        let what = count == 1 ? "one thing was" : "\(count) things were"
        return Finding(
            .rescueKept,
            at: "refs/rescue/",
            "\(what) saved before somebody's or the desk's change",
            remedy: "look at them with: loopdesk rescue list"
        )
    }
}
