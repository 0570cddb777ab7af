// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// The turns of an agent as a goal counts them, read from its branch.
struct GoalHistory {
    private let desk: OpenDesk
    private let agent: AgentName

    /// How far back turns of a goal are looked for of which nothing is recorded.
    static let searchLimit = 10_000

    init(_ desk: OpenDesk, _ agent: AgentName) {
        self.desk = desk
        self.agent = agent
    }

    /// The number of the agent's newest turn; 0 when it had none.
    func newestTurn() throws -> Int {
        try desk.newestRecord(of: agent)?.turn ?? 0
    }

    /// Counts the turns that are not in a record yet.
    ///
    /// When the branch does not lead to where the record ends, because somebody has moved it, all
    /// turns of the goal are counted again.
    /// - Returns: The agent's newest turns since the goal began, newest first.
    func catchUp(_ record: inout GoalRecord) throws -> [GoalState.Turn] {
        guard let head = try desk.repository.reference(agent.reference) else { return [] }
        var turns = try self.turns(from: head, until: record.head)
        if turns.last?.commit != record.head, record.head != nil {
            let (isMet, reserved) = (record.isMet, record.reserved)
            record = GoalRecord(goal: record.goal)
            (record.isMet, record.reserved) = (isMet, reserved)
            turns = try self.turns(from: head, until: nil)
        } else if record.head != nil {
            turns.removeLast()
        }
        count(turns, into: &record)
        record.head = head
        guard let first = record.firstTurn else { return [] }
        return try newest(head, since: first)
    }

    private struct Turn {
        let commit: ObjectID
        let record: TurnRecord?
        let spending: GoalSpending
    }

    /// The commits of the branch from the newest back to one, which is among them.
    ///
    /// Joins and commits of other people may lie between turns, but not without end.
    private func turns(from head: ObjectID, until end: ObjectID?) throws -> [Turn] {
        var turns: [Turn] = []
        var passed = 0
        var next: ObjectID? = head
        while let id = next, turns.count <= Self.searchLimit {
            let commit = try desk.repository.commit(id)
            let record = TurnRecord(commit)
            turns.append(Turn(commit: id, record: record, spending: Self.spending(commit)))
            passed = record == nil ? passed + 1 : 0
            guard id != end, passed < Repository.foreignCommitLimit else { break }
            next = commit.parents.first
        }
        return turns
    }

    private func count(_ turns: [Turn], into record: inout GoalRecord) {
        var budget = record.budget(GoalLimits())
        var reservedTurn = record.reserved?.turn
        for turn in turns.reversed() {
            guard let told = turn.record else { continue }
            let isOurs = told.triggers.contains(.goal(record.goal))
            if isOurs {
                budget.started = budget.started ?? told.time
                record.firstTurn = record.firstTurn ?? told.turn
            }
            if told.turn == reservedTurn {
                // A turn that another trigger started meanwhile has used what was set aside.
                budget.settle(isOurs ? turn.spending : GoalSpending())
                reservedTurn = nil
            } else if isOurs {
                budget.book(turn.spending)
            }
        }
        record.take(budget, turn: reservedTurn)
    }

    /// What the trailers of a turn say that it has cost; nothing when they do not.
    private static func spending(_ commit: Commit) -> GoalSpending {
        var spending = GoalSpending(turns: 1)
        for trailer in commit.trailers {
            switch trailer.key {
            case "Tokens": spending.tokens = max(0, Int(trailer.value) ?? 0)
            case "Cost": spending.money = amount(trailer.value)
            default: break
            }
        }
        return spending
    }

    /// An amount between zero and a bound above which sums could leave the range of numbers.
    private static func amount(_ text: String) -> Decimal8 {
        min(max(.zero, Decimal8(text) ?? .zero), Decimal8(1_000_000))
    }

    /// What the agent's newest turns have come to, newest first.
    private func newest(_ head: ObjectID, since first: Int) throws -> [GoalState.Turn] {
        var turns: [GoalState.Turn] = []
        var passed = 0
        var next: ObjectID? = head
        while let id = next, turns.count < GoalState.patience,
            passed < Repository.foreignCommitLimit
        {
            let commit = try desk.repository.commit(id)
            next = commit.parents.first
            guard let record = TurnRecord(commit) else {
                passed += 1
                continue
            }
            guard record.turn >= first else { break }
            let path = SignalPath(agent: agent, turn: record.turn, index: 1).deadLetter
            let isParked = try desk.repository.entry(atPath: path, in: commit.tree) != nil
            let before = try commit.parents.first.map { try desk.repository.commit($0).tree }
            let hasProgress = try ["signals", "STATE.md"].contains { name in
                let path = "\(agent.folder)/\(name)"
                let old = try before.flatMap { try desk.repository.entry(atPath: path, in: $0) }
                return try desk.repository.entry(atPath: path, in: commit.tree)?.id != old?.id
            }
            turns.append(GoalState.Turn(hasProgress: hasProgress, isParked: isParked))
            passed = 0
        }
        return turns
    }
}
