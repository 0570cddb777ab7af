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
    private let told: ToldHistory
    /// What was found.
    private(set) var book = TrialBook()
    /// The commits at which it began.
    let roots: [ObjectID]
    private var commits: Set<ObjectID> = []
    private var seen: Set<ObjectID> = []

    /// The turns of one line of commits, by agent and number.
    private typealias Places = [String: Trial.Place]

    /// Reads the repository.
    /// - Parameters:
    ///   - repository: The repository.
    ///   - source: Finds trials in signals.
    ///   - told: Commits that need not be read, nor what is before them.
    /// - Throws: A `GitError` when an object cannot be read. A signal that cannot be read is no
    ///   trial.
    init(
        of repository: Repository,
        _ source: TrialSource,
        since told: ToldHistory = ToldHistory()
    ) throws {
        self.repository = repository
        self.source = source
        self.told = told
        roots = try repository.historyRoots(known: told.commits)
        for root in roots where !commits.contains(root) { try add(root) }
    }

    private mutating func add(_ root: ObjectID) throws {
        var places: Places = [:]
        var waiting = [root]
        var ends: [ObjectID] = []
        while let id = waiting.popLast() {
            guard !told.commits.contains(id) else {
                ends.append(id)
                continue
            }
            guard commits.insert(id).inserted else { continue }
            let commit = try repository.commit(id)
            waiting += commit.parents
            guard let record = TurnRecord(commit) else { continue }
            let key = Self.key(commit.author.name, record.turn)
            let place = Trial.Place(time: record.time, round: record.round)
            // Two lines that part may both have a turn of that number; the first one counts.
            places[key] = min(places[key] ?? place, place)
        }
        guard ends != [root] else { return }
        let past = try ends.compactMap { try agents(at: $0)?.id }
        guard let agents = try agents(at: root) else { return }
        for agent in try news(of: agents.id, since: past) where agent.entry.mode == .tree {
            for folder in try news(of: agent.entry.id, since: agent.past) {
                guard folder.entry.name == "signals", folder.entry.mode == .tree else { continue }
                let path = "agents/\(agent.entry.name)/signals"
                try add(folder.entry.id, since: folder.past, path, of: agent.entry.name, places)
            }
        }
    }

    /// The folder of all agents in a commit.
    private func agents(at commit: ObjectID) throws -> TreeEntry? {
        let tree = try repository.commit(commit).tree
        return try repository.ownEntries(of: tree).first { $0.name == "agents" && $0.mode == .tree }
    }

    /// The entries of a folder that none of its earlier forms holds, each with what these held
    /// under its name.
    private func news(
        of tree: ObjectID,
        since past: [ObjectID]
    ) throws -> [(entry: TreeEntry, past: [ObjectID])] {
        guard !past.contains(tree) else { return [] }
        var known: [String: [TreeEntry]] = [:]
        for id in past {
            for entry in try repository.ownEntries(of: id) {
                known[entry.name, default: []].append(entry)
            }
        }
        return try repository.ownEntries(of: tree).compactMap { entry in
            let before = known[entry.name, default: []].filter { $0.mode == entry.mode }.map(\.id)
            return before.contains(entry.id) ? nil : (entry, before)
        }
    }

    private static func key(_ agent: String, _ turn: Int) -> String { "\(agent) \(turn)" }

    private mutating func add(
        _ tree: ObjectID,
        since past: [ObjectID],
        _ path: String,
        of agent: String,
        _ places: Places
    ) throws {
        guard seen.insert(tree).inserted else { return }
        for (entry, before) in try news(of: tree, since: past) {
            let below = "\(path)/\(entry.name)"
            if entry.mode == .tree {
                try add(entry.id, since: before, below, of: agent, places)
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
