// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk
import Git

/// The turns of a desk as its branches tell them.
public struct TurnLog {
    private let desk: OpenDesk

    /// One turn.
    public struct Entry: Sendable {
        /// The agent.
        public let agent: String
        /// The commit's id.
        public let commit: String
        /// What the commit says.
        public let record: TurnRecord
    }

    /// Reads the branches of a desk.
    public init(_ desk: OpenDesk) {
        self.desk = desk
    }

    /// The newest turns of some agents, newest first, in the order in which they ran.
    /// - Parameters:
    ///   - agents: The agents.
    ///   - limit: The most entries.
    ///   - isQuietShown: Whether turns that said nothing are listed too.
    /// - Returns: At most so many entries.
    /// - Throws: A `GitError` when a branch cannot be read.
    public func entries(
        of agents: [AgentName],
        limit: Int,
        isQuietShown: Bool
    ) throws -> [Entry] {
        var entries: [Entry] = []
        for agent in agents {
            var found: [Entry] = []
            try forEachTurn(of: agent) { entry in
                if isQuietShown || !entry.record.summary.hasPrefix("nothing to ") {
                    found.append(entry)
                }
                return found.count < limit
            }
            entries += found
        }
        let sorted = entries.sorted { left, right in
            (right.record.time, right.record.round, left.agent)
                < (left.record.time, left.record.round, right.agent)
        }
        return Array(sorted.prefix(limit))
    }

    /// The commit of one turn; nil when the agent never had it.
    public func entry(of agent: AgentName, turn: Int) throws -> Entry? {
        var result: Entry?
        try forEachTurn(of: agent) { entry in
            if entry.record.turn == turn { result = entry }
            return entry.record.turn > turn
        }
        return result
    }

    /// The newest turn of an agent up to one, which somebody may have rewritten as a commit of his
    /// own; nil when there is none.
    func newest(of agent: AgentName, through turn: Int) throws -> Entry? {
        var result: Entry?
        try forEachTurn(of: agent) { entry in
            guard entry.record.turn <= turn else { return true }
            result = entry
            return false
        }
        return result
    }

    /// Walks an agent's turns from the newest back, until the closure says false.
    private func forEachTurn(of agent: AgentName, _ body: (Entry) -> Bool) throws {
        guard var next = try desk.repository.reference(agent.reference) else { return }
        var passed = 0
        while true {
            let page = try desk.repository.walk(
                from: next,
                until: [],
                limit: Self.pageSize,
                firstParentOnly: true
            )
            for commit in page {
                guard let record = TurnRecord(commit) else {
                    // Commits of other people may lie between turns, but not without end.
                    passed += 1
                    guard passed < Repository.foreignCommitLimit else { return }
                    continue
                }
                passed = 0
                let entry = Entry(
                    agent: agent.description,
                    commit: commit.id.description,
                    record: record
                )
                guard body(entry) else { return }
            }
            guard page.count == Self.pageSize, let parent = page.last?.parents.first else { return }
            next = parent
        }
    }

    private static let pageSize = 256
}
