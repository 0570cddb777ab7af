// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// What the branches of others hold beyond what each agent has read.
struct WaitingMail {
    private let desk: OpenDesk
    private var branches: [AgentName: AgentBranch]

    /// Takes the branches of a desk as they are known.
    init(_ desk: OpenDesk, branches: [AgentName: AgentBranch]) {
        self.desk = desk
        self.branches = branches
    }

    /// Reads the branches of a desk from disk.
    init(_ desk: OpenDesk) throws {
        self.init(desk, branches: [:])
        for agent in desk.configuration.agents {
            guard let head = try desk.repository.reference(agent.name.reference) else { continue }
            branches[agent.name] = try AgentBranch(
                agent: agent,
                head: head,
                main: head,
                repository: desk.repository
            )
        }
    }

    /// How many turns wait for an agent, those that may hold nothing for it included.
    func count(for agent: AgentConfiguration) throws -> Int { try mailbox(of: agent).count }

    /// The mailbox of an agent, with what waits left on the branches.
    func mailbox(of agent: AgentConfiguration) throws -> Mailbox {
        let last = branches[agent.name]?.record
        var read: [AgentName: ObjectID] = [:]
        var left: [AgentName: [ObjectID]] = [:]
        for writer in Mailbox.writers(for: agent, among: desk.configuration.agents) {
            let known = last?.frontiers.first { $0.branch == writer.branch }
            read[writer] = known.flatMap { ObjectID(hex: $0.commit) }
            left[writer] = try turns(of: writer, for: agent, after: read[writer], and: last?.time)
        }
        return Mailbox(
            reader: agent,
            agents: desk.configuration.agents,
            read: read,
            left: left
        )
    }

    /// The turns of an agent behind one of its commits, oldest first.
    ///
    /// Without such a commit, those behind a moment: the reader has only now begun to listen. One
    /// that rests in a replay hears nothing of what was said in one, where time starts turns.
    private func turns(
        of writer: AgentName,
        for reader: AgentConfiguration,
        after commit: ObjectID?,
        and moment: Instant?
    ) throws -> [ObjectID] {
        guard let branch = branches[writer], branch.record != nil else { return [] }
        var ids: [ObjectID] = []
        var next: ObjectID? = branch.head
        // Somebody may have taken the branch back to before what was read.
        let base = try commit.flatMap { try desk.repository.mergeBase(branch.head, $0) }
        while let id = next, id != base {
            let commit = try desk.repository.commit(id)
            next = commit.parents.first
            guard let record = TurnRecord(commit) else { continue }
            if base == nil, let moment, record.time <= moment { break }
            if reader.restsInReplay, record.triggers.isEmpty { break }
            ids.append(id)
        }
        return ids.reversed()
    }
}
