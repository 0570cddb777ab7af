// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

extension OpenDesk {
    /// Takes a desk back to its beginning: no agent branches, no lessons, no ledger.
    ///
    /// Each branch's last commit stays under `refs/rescue/`; the ledger can be made again from it.
    /// - Returns: The rescue refs, sorted.
    @discardableResult
    public func startOver() throws -> [String] {
        var rescued: [String] = []
        try repository.sweepStaleFiles()
        let time = Instant(configuration.replay.lowerBound)
        do {
            // What somebody took off a branch is saved like the rest of it.
            rescued += try BranchGuard(desk: self).recover(at: time).rescued
        } catch let error as GitError where error.code != .io {
            // What cannot be read cannot be saved, and must not keep anybody from starting over.
        }
        try repository.dropPublication()
        let author = author("supervisor", at: time)
        for agent in configuration.agents {
            if let saved = try removeWorktree(of: agent) { rescued.append(saved) }
        }
        for prefix in ["refs/heads/agents/", "refs/heads/skills/"] {
            for (name, head) in try repository.references(withPrefix: prefix) {
                // An agent's branch is kept under the agent's name, a lesson under its own.
                let drop = prefix.hasSuffix("agents/") ? prefix : "refs/heads/"
                let short = name.dropFirst(drop.count)
                let rescue = "refs/rescue/\(short)/\(head.description.prefix(12))"
                if try repository.reference(rescue) == nil {
                    try repository.update(
                        reference: rescue,
                        to: head,
                        expecting: nil,
                        by: author,
                        message: "start over: saved \(name)",
                        isDurable: false
                    )
                }
                guard try repository.reference(rescue) == head else {
                    throw SupervisorError(
                        .inconsistent,
                        "\(name) could not be saved; it was left alone"
                    )
                }
                try repository.deleteReference(name, expecting: head)
                rescued.append(rescue)
            }
        }
        for file in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
            try folder.runtime.removeFile(file)
        }
        try folder.runtime.folder("market").removeAll()
        return rescued.sorted()
    }

    private func removeWorktree(of agent: AgentConfiguration) throws -> String? {
        let name = agent.name.description
        let recorded = try repository.worktrees().first { $0.name == name }
        guard let recorded else { return nil }
        let known = try WorktreeKeeper(desk: self).own(recorded, agent)
        let rescued = known.isMissing ? nil : try repository.rescue(worktree: name, agent: name)
        try repository.removeWorktree(name, changesAreRescued: true)
        return rescued?.reference
    }
}
