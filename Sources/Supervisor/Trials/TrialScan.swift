// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Reads every trial and every look that the repository still holds, on whatever reference or
/// reflog.
struct TrialScan {
    private let repository: Repository
    private let source: TrialSource
    private var book = TrialBook()
    private var commits: Set<ObjectID> = []
    private var seen: Set<ObjectID> = []

    /// The turns of one line of commits, by agent and number.
    private typealias Places = [String: Trial.Place]

    private init(_ repository: Repository, _ source: TrialSource) {
        self.repository = repository
        self.source = source
    }

    /// Reads the repository.
    /// - Throws: A `GitError` when an object cannot be read. A signal that cannot be read is no
    ///   trial.
    static func book(of repository: Repository, _ source: TrialSource) throws -> TrialBook {
        var scan = TrialScan(repository, source)
        for root in try repository.historyRoots() where !scan.commits.contains(root) {
            try scan.add(root)
        }
        return scan.book
    }

    private mutating func add(_ root: ObjectID) throws {
        var places: Places = [:]
        var waiting = [root]
        while let id = waiting.popLast() {
            guard commits.insert(id).inserted else { continue }
            let commit = try repository.commit(id)
            waiting += commit.parents
            guard let record = TurnRecord(commit) else { continue }
            let key = Self.key(commit.author.name, record.turn)
            let place = Trial.Place(time: record.time, round: record.round)
            // Two lines that part may both have a turn of that number; the first one counts.
            places[key] = min(places[key] ?? place, place)
        }
        let tree = try repository.commit(root).tree
        let agents: TreeEntry?
        do throws(GitError) {
            agents = try repository.entry(atPath: "agents", in: tree)
        } catch {
            // A tree that points into another repository is none of a desk's.
            guard error.code == .invalid else { throw error }
            return
        }
        guard let agents, agents.mode == .tree else { return }
        for agent in try repository.tree(agents.id) where agent.mode == .tree {
            let signals = try repository.tree(agent.id).first { $0.name == "signals" }
            guard let signals, signals.mode == .tree else { continue }
            try add(signals.id, "agents/\(agent.name)/signals", of: agent.name, places)
        }
    }

    private static func key(_ agent: String, _ turn: Int) -> String { "\(agent) \(turn)" }

    private mutating func add(
        _ tree: ObjectID,
        _ path: String,
        of agent: String,
        _ places: Places
    ) throws {
        guard seen.insert(tree).inserted else { return }
        for entry in try repository.tree(tree) {
            let below = "\(path)/\(entry.name)"
            if entry.mode == .tree {
                try add(entry.id, below, of: agent, places)
                continue
            }
            let parts = entry.name.split(separator: "-", maxSplits: 2)
            guard parts.count == 3, let turn = Int(parts[0]),
                ["proposal.json", "report.json", "verdict.json"].contains(parts[2]),
                seen.insert(entry.id).inserted
            else { continue }
            let bytes = try repository.blob(entry.id)
            // What is no signal says nothing.
            guard let signal = try? Signal(committed: bytes, path: below) else { continue }
            let place = places[Self.key(agent, turn)] ?? .outside
            for line in source.lines(of: signal, from: "agents/\(agent)", at: place) {
                book.take(line)
            }
        }
    }
}
