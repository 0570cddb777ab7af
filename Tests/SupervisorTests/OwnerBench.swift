// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import TestSupport

@testable import Supervisor

/// A desk that has run for some days and goes on by hand: one agent, turn by turn, without
/// children.
final class OwnerBench {
    let bench: Bench
    let desk: OpenDesk
    let agent: AgentConfiguration
    let publisher: Publisher
    var branches: [AgentName: AgentBranch] = [:]
    /// All commits that the desk has made since it was opened.
    private(set) var made: [ObjectID] = []

    static let time = Bench.days[7]

    init(_ bench: Bench) throws {
        self.bench = bench
        desk = try bench.open()
        guard let agent = desk.configuration.agents.first(where: { $0.role == .researcher }) else {
            throw SupportError("the desk has no researcher")
        }
        self.agent = agent
        publisher = Publisher(desk.repository, isDurable: false)
        let main = try desk.mainHead()
        for agent in desk.configuration.agents {
            guard let head = try desk.repository.reference(agent.name.reference) else { continue }
            branches[agent.name] = try AgentBranch(
                agent: agent,
                head: head,
                main: main,
                repository: desk.repository
            )
        }
    }

    static func make() async throws -> OwnerBench {
        let bench = try await Bench.make()
        try bench.run(through: 3)
        return try OwnerBench(bench)
    }

    var git: GitCommand { bench.git }
    var head: ObjectID? { branches[agent.name]?.head }
    var worktree: GitCommand { GitCommand(in: bench.desk.path(of: "worktrees/researcher")) }

    /// Makes a turn of the researcher that waits for publication.
    func takeTurn(_ text: String, triggers: [TurnTrigger] = []) throws {
        guard var branch = branches[agent.name] else { throw SupportError("no branch") }
        let record = TurnRecord(
            turn: branch.nextTurn,
            time: Self.time,
            round: 1,
            summary: text,
            frontiers: [],
            skills: [],
            data: nil,
            triggers: triggers
        )
        let path = SignalPath(agent: agent.name, turn: branch.nextTurn, index: 1).note
        try branch.tree.set(path, content: Array(text.utf8))
        try branch.tree.set("agents/researcher/STATE.md", content: Array("state \(text)\n".utf8))
        let head = publisher.batch.addCommit(
            tree: try branch.tree.write(into: &publisher.batch),
            parents: [branch.head],
            author: desk.author("researcher", at: Self.time),
            message: record.message
        )
        publisher.add(
            RefUpdate(
                reference: agent.name.reference,
                to: head,
                expecting: branch.head,
                message: text
            )
        )
        branch.advance(to: head, record: record)
        branches[agent.name] = branch
        made.append(head)
    }

    func publish() throws -> [OwnerReport] {
        try BranchGuard(desk: desk).publish(publisher, branches: &branches, at: Self.time)
    }

    /// Commits something on the agent's branch as a person would, away from its worktree.
    func commitOnBranch(_ file: String, _ text: String) async throws -> String {
        try await git.run("worktree", "add", "--quiet", "--detach", "../owner", "agents/researcher")
        let owner = GitCommand(in: bench.root.path(of: "owner"))
        try bench.root.folder("owner").folder(file.parentFolder).create()
        try bench.root.folder("owner").replace(file, with: Array(text.utf8))
        try await owner.run("add", "--all")
        try await owner.run("commit", "--quiet", "-m", "the owner's own")
        let id = try await owner.lines("rev-parse", "HEAD")[0]
        try await git.run("update-ref", "refs/heads/agents/researcher", id)
        try await git.run("worktree", "remove", "--force", "../owner")
        return id
    }

    /// Whether every commit is behind some ref and the repository is whole.
    func areReachable(_ commits: [String]) async throws -> Bool {
        let all = Set(try await git.lines("rev-list", "--all"))
        try await git.run("fsck", "--strict", "--no-dangling")
        return commits.allSatisfy { all.contains($0) }
    }
}

extension String {
    fileprivate var parentFolder: String {
        split(separator: "/").dropLast().joined(separator: "/")
    }
}
