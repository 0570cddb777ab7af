// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Synchronization

/// Finds what was recorded of an agent's calls, on its branch or where an older one was saved.
final class TapeLibrary: Sendable {
    private struct Shelf {
        /// The trees that may hold the agent's calls: of its branch, then of branches that were
        /// saved, the newest first.
        var trees: [ObjectID]
        /// The turn that was looked up last.
        var turn = 0
        var tapes: [TurnTape] = []
    }

    private let repository: Repository
    private let shelves: Mutex<[AgentName: Shelf]>

    /// Looks where the records of a desk's agents are.
    /// - Throws: A `GitError` when references cannot be read.
    init(_ desk: OpenDesk) throws {
        repository = desk.repository
        var shelves: [AgentName: Shelf] = [:]
        for agent in desk.configuration.agents {
            let head = try desk.repository.reference(agent.name.reference).map { [$0] } ?? []
            let saved = try desk.repository.references(withPrefix: "refs/rescue/\(agent.name)/")
                .map(\.1)
            // A branch that was cloned is under the name of where it came from.
            let cloned = try desk.repository.references(withPrefix: "refs/remotes/")
                .filter { $0.0.hasSuffix("/\(agent.name.branch)") }.map(\.1)
            let commits = try (saved + cloned).map { try desk.repository.commit($0) }
                .sorted {
                    ($0.author.seconds, $0.id.description) > ($1.author.seconds, $1.id.description)
                }
            let first = try head.map { try desk.repository.commit($0).tree }
            shelves[agent.name] = Shelf(trees: first + commits.map(\.tree))
        }
        self.shelves = Mutex(shelves)
    }

    /// What came of a call the last time.
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - index: The place among the calls of the turn, from 0.
    ///   - agent: Who asks.
    ///   - turn: In which turn.
    /// - Returns: Nil when it was never asked for at this place.
    /// - Throws: A `GitError` when an object cannot be read.
    func record(
        of request: ContentHash,
        at index: Int,
        of agent: AgentName,
        turn: Int
    ) throws -> CallRecord? {
        let tapes = try tapes(of: agent, turn: turn)
        let records = tapes.compactMap { $0.calls.indices.contains(index) ? $0.calls[index] : nil }
        return records.first { $0.request == request }
    }

    private func tapes(of agent: AgentName, turn: Int) throws -> [TurnTape] {
        try shelves.withLock { shelves in
            guard var shelf = shelves[agent] else { return [] }
            if shelf.turn != turn {
                shelf.turn = turn
                let path = TurnTape.path(of: agent, turn: turn)
                var seen: Set<ObjectID> = []
                shelf.tapes = try shelf.trees.compactMap { tree in
                    guard let entry = try repository.entry(atPath: path, in: tree),
                        seen.insert(entry.id).inserted
                    else { return nil }
                    // What is no tape, such as one that somebody has edited, records nothing.
                    return try? TurnTape(parsing: try repository.blob(entry.id))
                }
                shelves[agent] = shelf
            }
            return shelf.tapes
        }
    }
}
