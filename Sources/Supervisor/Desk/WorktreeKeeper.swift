// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc

/// Makes the worktrees of agents and puts them back to the last commit.
struct WorktreeKeeper {
    let desk: OpenDesk

    /// Makes the branches that agents lack, at a commit of `main`.
    func makeBranches(
        of agents: [AgentConfiguration],
        at main: ObjectID,
        time: Instant
    ) throws {
        guard !agents.isEmpty else { return }
        try desk.repository.createBranches(
            agents.map(\.name.branch),
            at: main,
            by: desk.author("supervisor", at: time)
        )
    }

    /// Completes the worktrees whose making a kill cut short.
    func complete(_ agents: [AgentConfiguration]) throws {
        let unfinished = try desk.repository.worktrees().filter(\.isUnfinished)
        for agent in agents {
            let name = agent.name.description
            // That of a desk which this one is a copy of is left alone.
            guard let known = unfinished.first(where: { $0.name == name }),
                Self.isSame(known.path, desk.folder.worktree(agent.name).path)
            else { continue }
            try desk.repository.completeWorktree(name)
        }
    }

    /// Makes the worktrees of agents that have none.
    func make(_ agents: [AgentConfiguration]) throws {
        guard !agents.isEmpty else { return }
        _ = try desk.repository.addWorktrees(
            agents.map {
                NewWorktree(
                    name: $0.name.description,
                    path: desk.folder.worktree($0.name).path,
                    branch: $0.name.branch,
                    visible: AgentBranch.visiblePaths(of: $0)
                )
            }
        )
    }

    /// Makes sure that a worktree which an agent has is there and clean; what differs from the
    /// branch is saved on a rescue ref first.
    /// - Returns: The rescue ref, if anything had to be saved.
    func prepare(_ recorded: Worktree, of agent: AgentConfiguration) throws -> String? {
        let found = try clearPlace(of: agent)
        if try own(recorded, agent).isMissing || found != nil {
            _ = try desk.repository.repairWorktree(agent.name.description)
            return nil
        }
        try clearExchange(agent)
        let rescued = try desk.repository.rescue(
            worktree: agent.name.description,
            agent: agent.name.description
        )
        try reset(agent)
        return rescued?.reference
    }

    /// The worktree as it stands in this desk, showing the agent's branch.
    ///
    /// In a desk that was moved or copied, git still points to the worktrees of the original; the
    /// record is then pointed to this desk's own, and the original's are left alone.
    /// - Throws: A ``SupervisorError`` with code `notReady` when another branch is checked out.
    func own(_ recorded: Worktree, _ agent: AgentConfiguration) throws -> Worktree {
        let own = desk.folder.worktree(agent.name).path
        var known = recorded
        if !Self.isSame(recorded.path, own) {
            try desk.repository.relocateWorktree(recorded.name, to: own)
            known = try desk.repository.worktrees().first { $0.name == recorded.name } ?? recorded
        }
        guard known.isMissing || known.branch == agent.name.branch else {
            throw SupervisorError(
                .notReady,
                "the worktree of \(agent.name) has \(known.branch ?? "no branch") checked out",
                hint: "check out its own with: git -C \(own) checkout \(agent.name.branch)"
            )
        }
        return known
    }

    /// Gives what stands in the place of a worktree and is no folder another name.
    ///
    /// A link is not followed: what it leads to is somebody's.
    /// - Returns: The new name; nil when there is a folder or nothing.
    func clearPlace(of agent: AgentConfiguration) throws -> String? {
        guard desk.folder.root.contains("worktrees") else { return nil }
        let places = try UntrustedFolder(desk.folder.root.folder("worktrees"))
        let name = agent.name.description
        switch places.kind(of: name.utf8) {
        case nil, .folder: return nil
        default: break
        }
        let new = try places.setAside(name.utf8, as: Array("\(name).found".utf8))
        return new.map { "worktrees/\(String(decoding: $0, as: UTF8.self))" }
    }

    /// Whether two paths lead to the same folder, which need not be there any more.
    static func isSame(_ one: String, _ other: String) -> Bool {
        guard one != other else { return true }
        func parts(_ path: String) -> (parent: String, name: Substring)? {
            guard let slash = path.lastIndex(of: "/") else { return nil }
            return (String(path[..<slash]), path[path.index(after: slash)...])
        }
        guard let one = parts(one), let other = parts(other), one.name == other.name else {
            return false
        }
        var (left, right) = (stat(), stat())
        guard stat(one.parent, &left) == 0, stat(other.parent, &right) == 0 else { return false }
        return left.st_dev == right.st_dev && left.st_ino == right.st_ino
    }

    /// Rewrites the agent's files and the index from the branch, and empties the exchange folders.
    func reset(_ agent: AgentConfiguration) throws {
        try desk.repository.restore(worktree: agent.name.description)
        try forgetFirstTurn(of: agent)
        try clearExchange(agent)
    }

    /// As ``reset(_:)``, but for the index, after a turn that came to nothing.
    ///
    /// Costs the same however much the agent has said.
    func putBack(_ agent: AgentConfiguration) throws {
        try desk.repository.restoreFiles(of: agent.name.description)
        try forgetFirstTurn(of: agent)
        try clearExchange(agent)
    }

    /// Makes `git status` in the worktree say what is true, after the branch has moved.
    func refresh(_ agent: AgentConfiguration) throws {
        try desk.repository.refreshIndex(of: agent.name.description)
    }

    /// Removes the memory that a first turn wrote before it was cut short.
    ///
    /// The branch has no such file yet, and restoring leaves alone what git does not know.
    private func forgetFirstTurn(of agent: AgentConfiguration) throws {
        let path = "\(agent.name.folder)/STATE.md"
        guard let head = try desk.repository.reference(agent.name.reference) else { return }
        let tree = try desk.repository.commit(head).tree
        guard try desk.repository.entry(atPath: path, in: tree) == nil else { return }
        try desk.folder.worktree(agent.name).removeFile(path)
    }

    func clearExchange(_ agent: AgentConfiguration) throws {
        let worktree = desk.folder.worktree(agent.name)
        for name in [TurnContract.inbox, TurnContract.outbox, TurnContract.work] {
            do {
                try worktree.folder(name).removeContents()
            } catch {
                // A folder that is not there holds nothing.
                guard error.code == .notFound else { throw error }
            }
        }
        try forgetEmptyMemory(of: agent)
    }

    /// Removes an empty memory, which was made for a first turn and is nothing of anybody's.
    func forgetEmptyMemory(of agent: AgentConfiguration) throws {
        let memory = "\(agent.name.folder)/STATE.md"
        // One that cannot be looked at is not empty.
        guard (try? desk.folder.worktree(agent.name).size(of: memory)) == 0 else { return }
        try forgetFirstTurn(of: agent)
    }

    /// Rewrites the agent's files and the index from the branch; what an agent has in the exchange
    /// folders stays, since git and its owner have nothing to do with it.
    func show(_ agent: AgentConfiguration) throws {
        _ = try desk.repository.restore(worktree: agent.name.description)
    }
}
