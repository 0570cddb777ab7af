// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Taking branches up at the start of a desk, wherever somebody has put them since it went down.
extension BranchGuard {
    /// Publishes what a killed desk had kept, and settles what somebody did to the branches since
    /// they were left, just as on a running desk.
    ///
    /// To be called at the start, before branches are read, while holding the desk's lock. A replay
    /// differs in one thing: when somebody took off turns that it will run again to the same
    /// commits, it does, instead of going on with new numbers.
    func recover(at time: Instant, inReplay: Bool = false) throws -> BranchRecovery {
        var recovery = BranchRecovery()
        if let publisher = try desk.repository.keptPublication()?.publisher {
            try desk.repository.objects.write(publisher.batch, isDurable: false)
            try takeUp(publisher, &recovery, at: time, inReplay: inReplay)
        }
        for agent in desk.configuration.agents {
            recovery.heads[agent.name] =
                try recovery.heads[agent.name] ?? desk.repository.reference(agent.name.reference)
        }
        return recovery
    }

    private func takeUp(
        _ publisher: Publisher,
        _ recovery: inout BranchRecovery,
        at time: Instant,
        inReplay: Bool
    ) throws {
        // Branches of agents that the desk no longer has are nobody's business.
        let agents = Set(desk.configuration.agents.map(\.name.reference))
        try publisher.keepMarks(of: agents)
        var branches = try leftBranches(publisher, &recovery, at: time)
        if inReplay { try takeBack(&branches, publisher, &recovery) }
        if try !foreignMoves(branches, publisher).isEmpty {
            recovery.reports += try settle(publisher, branches: &branches, at: time)
            try publisher.keep(by: desk.author("supervisor", at: time))
        }
        recovery.reports += try publish(publisher, branches: &branches, at: time)
        for (name, branch) in branches { recovery.heads[name] = branch.head }
        try noteFloors(publisher.branchMarks(), &recovery)
    }

    /// Finds the agents whose branches do not show how many turns they have had.
    private func noteFloors(
        _ marks: [String: BranchMark],
        _ recovery: inout BranchRecovery
    ) throws {
        for agent in desk.configuration.agents where recovery.expected[agent.name] == nil {
            guard let mark = marks[agent.name.reference] else { continue }
            let head = recovery.heads[agent.name] ?? mark.head
            recovery.heads[agent.name] = head
            let commit = try desk.repository.commit(head)
            let record = try desk.repository.newestTurn(of: agent.name, from: commit)?.record
            if mark.turn > record?.turn ?? 0 { recovery.floors[agent.name] = mark.turn }
        }
    }

    /// The branches on which something waits or that are not where the desk left them, as it did.
    private func leftBranches(
        _ publisher: Publisher,
        _ recovery: inout BranchRecovery,
        at time: Instant
    ) throws -> [AgentName: AgentBranch] {
        let main = try desk.repository.reference("refs/heads/main")
        let marks = try publisher.branchMarks()
        var branches: [AgentName: AgentBranch] = [:]
        for agent in desk.configuration.agents {
            let reference = agent.name.reference
            let waiting = publisher.updates.first { $0.reference == reference }
            let mark = marks[reference]
            guard let left = waiting?.target ?? mark?.head else { continue }
            let isInPlace = try desk.repository.reference(reference) == left
            if waiting == nil, isInPlace { continue }
            guard try !desk.repository.isGone(left) else {
                let report = try startAgain(agent, after: mark?.turn ?? 0, publisher, &branches)
                if let report { recovery.reports.append(report) }
                continue
            }
            let base = try main.flatMap { try desk.repository.mergeBase(left, $0) }
            branches[agent.name] = try AgentBranch(
                agent: agent,
                head: left,
                main: base ?? left,
                repository: desk.repository
            )
            branches[agent.name]?.turnFloor = mark?.turn ?? 0
        }
        return branches
    }

    /// Goes on from where a branch is, or from main, when what the desk had on it is gone.
    private func startAgain(
        _ agent: AgentConfiguration,
        after turn: Int,
        _ publisher: Publisher,
        _ branches: inout [AgentName: AgentBranch]
    ) throws -> OwnerReport? {
        let name = agent.name
        let actual = try desk.repository.reference(name.reference)
        let head = try actual ?? desk.mainHead()
        var branch = try AgentBranch(
            agent: agent,
            head: head,
            main: try desk.repository.reference("refs/heads/main") ?? head,
            repository: desk.repository
        )
        branch.turnFloor = turn
        branches[name] = branch
        publisher.add(
            RefUpdate(
                reference: name.reference,
                to: head,
                expecting: actual,
                message: actual == nil ? "made again after somebody deleted it" : nil
            ),
            turn: turn
        )
        guard actual == nil else {
            return OwnerReport(
                .branchRewritten,
                agent: name,
                "\(name.branch) was moved by somebody to \("\(head)".prefix(10)) and what the desk"
                    + " had on it is gone; the agent goes on from there"
            )
        }
        return OwnerReport(
            .branchLost,
            agent: name,
            "\(name.branch) was deleted by somebody and its commits are gone; the agent starts"
                + " again from main"
        )
    }

    /// Leaves branches where somebody took them back to, if a replay makes the same turns again
    /// from there; what was taken off is saved all the same.
    private func takeBack(
        _ branches: inout [AgentName: AgentBranch],
        _ publisher: Publisher,
        _ recovery: inout BranchRecovery
    ) throws {
        let moves = try foreignMoves(branches, publisher).filter { $0.kind == .rewritten }
        guard !moves.isEmpty else { return }
        let newest = try newestInstant(branches)
        for (name, branch) in branches.sorted(by: { $0.key < $1.key }) {
            let isWaiting = publisher.updates.contains { $0.reference == name.reference }
            guard !isWaiting, let move = moves.first(where: { $0.reference == name.reference }),
                let place = move.actual,
                let turns = try turns(from: place, to: branch.head, since: newest)
            else { continue }
            let short = "\(place)".prefix(10)
            let text = "\(name.branch) was taken back by somebody to \(short)"
            let rescue = try save(branch.head, of: name, text, publisher)
            recovery.reports.append(
                OwnerReport(
                    .branchRewritten,
                    agent: name,
                    "\(text); the replay runs again from there",
                    rescue: rescue
                )
            )
            recovery.expected[name] = turns
            branches[name] = try AgentBranch(
                agent: branch.agent,
                head: place,
                main: branch.main,
                repository: desk.repository
            )
        }
    }

    /// The newest instant of any agent's branch as it is now; a replay runs that one again.
    private func newestInstant(_ branches: [AgentName: AgentBranch]) throws -> Instant? {
        try desk.configuration.agents.compactMap { agent -> Instant? in
            guard let head = try desk.repository.reference(agent.name.reference) else {
                return branches[agent.name]?.record?.time
            }
            let commit = try desk.repository.commit(head)
            return try desk.repository.newestTurn(of: agent.name, from: commit)?.record.time
        }.max()
    }

    /// The turns between two commits, by number, if a replay that begins with an instant makes them
    /// again; else nil.
    private func turns(
        from place: ObjectID,
        to head: ObjectID,
        since newest: Instant?
    ) throws -> [Int: ObjectID]? {
        let repository = desk.repository
        // What main says now is not what those turns were made by.
        guard let main = try repository.reference("refs/heads/main"),
            try repository.mergeBase(head, main) == main
        else { return nil }
        var turns: [Int: ObjectID] = [:]
        var next = head
        while next != place {
            let commit = try repository.commit(next)
            guard commit.values(of: Self.joinTrailer).isEmpty, let record = TurnRecord(commit),
                record.triggers.isEmpty, newest.map({ record.time >= $0 }) ?? true,
                turns.count < Self.takenBackLimit, let parent = commit.parents.first
            else { return nil }
            turns[record.turn] = next
            next = parent
        }
        return turns
    }

    /// More turns than this are never made again after somebody took them off.
    private static let takenBackLimit = 100_000
}
