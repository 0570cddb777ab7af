// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Where a desk stands, read from its branches alone.
///
/// A desk moves on only when an instant has become quiet. So the newest instant in any branch is
/// the one that may have been cut short: it is run again from its beginning, and turns of it that
/// are committed already are taken from history instead of being run.
struct History {
    /// A turn within an instant.
    struct Place: Hashable {
        let round: Int
        let agent: AgentName
    }

    /// The branches as they stood before ``time``.
    var branches: [AgentName: AgentBranch]
    /// The instant to run again; nil when no agent has ever had a turn.
    let time: Instant?
    /// The turns of that instant that are committed already.
    var finished: [Place: FinishedTurn]

    /// Reads the branches of a desk's agents; those that somebody moved need not end on a turn.
    /// - Throws: A `SupervisorError` with code `inconsistent` when another one holds no turns and
    ///   is not where `main` is either.
    static func load(
        _ desk: OpenDesk,
        main: ObjectID,
        moved: Set<AgentName> = []
    ) throws -> History {
        var commits: [AgentName: [Commit]] = [:]
        var time: Instant?
        for agent in desk.configuration.agents {
            guard let head = try desk.repository.reference(agent.name.reference) else { continue }
            let recent = try desk.repository.walk(
                from: head,
                until: [],
                limit: recentLimit,
                firstParentOnly: true
            )
            if !moved.contains(agent.name) {
                try requireTurn(recent, of: agent.name, desk, main: main)
            }
            commits[agent.name] = recent
            let newest = recent.first { $0.values(of: BranchGuard.joinTrailer).isEmpty }
            guard let record = newest.flatMap({ TurnRecord($0) }) else { continue }
            time = max(time ?? record.time, record.time)
        }
        var history = History(branches: [:], time: time, finished: [:])
        for agent in desk.configuration.agents {
            try history.add(agent, commits[agent.name] ?? [], desk, main: main)
        }
        return history
    }

    /// Checks that a branch ends on a turn, or has none and holds nothing that main does not.
    private static func requireTurn(
        _ recent: [Commit],
        of agent: AgentName,
        _ desk: OpenDesk,
        main: ObjectID
    ) throws {
        let head = recent.first { $0.values(of: BranchGuard.joinTrailer).isEmpty }
        guard let head, TurnRecord(head) == nil else { return }
        guard try desk.repository.mergeBase(head.id, main) != head.id else { return }
        throw SupervisorError(
            .inconsistent,
            "the newest commit \(head.id) of \(agent.branch) is not a turn of the agent's",
            hint: "keep it under another name with: git branch kept \(agent.branch), then take it"
                + " off with: git update-ref \(agent.reference) <the commit before>"
        )
    }

    /// More turns than one agent can have at one instant.
    private static let recentLimit = Replay.roundLimit + 2

    private mutating func add(
        _ agent: AgentConfiguration,
        _ commits: [Commit],
        _ desk: OpenDesk,
        main: ObjectID
    ) throws {
        var base = commits.first?.id ?? main
        // A join belongs to the turn that it stands on.
        var top: ObjectID?
        for commit in commits {
            base = top ?? commit.id
            guard commit.values(of: BranchGuard.joinTrailer).isEmpty else {
                top = base
                continue
            }
            guard let record = TurnRecord(commit), record.time == time else { break }
            let place = Place(round: record.round, agent: agent.name)
            let turn = try desk.repository.finishedTurn(of: agent.name, commit, record)
            finished[place] = FinishedTurn(
                agent: turn.agent,
                commit: base,
                record: record,
                signals: turn.signals
            )
            base = commit.parents.first ?? main
            top = nil
        }
        branches[agent.name] = try AgentBranch(
            agent: agent,
            head: base,
            main: try desk.repository.mergeBase(base, main) ?? base,
            repository: desk.repository
        )
    }
}

extension Repository {
    /// Reads back a turn from its commit.
    func finishedTurn(
        of agent: AgentName,
        _ commit: Commit,
        _ record: TurnRecord
    ) throws -> FinishedTurn {
        let parent = try commit.parents.first.map { try self.commit($0).tree }
        let prefix = "\(agent.folder)/signals/"
        let added = try changes(from: parent, to: commit.tree)
            .filter { $0.kind == .added && $0.path.hasPrefix(prefix) }
            .sorted { Self.index(of: $0.path) < Self.index(of: $1.path) }
        let signals = try added.compactMap { change in
            try change.newID.map { try Signal(committed: try blob($0), path: change.path) }
        }
        return FinishedTurn(agent: agent, commit: commit.id, record: record, signals: signals)
    }

    /// The place of a signal among those of its turn: 2 for `…/001234-2-intent.json`.
    private static func index(of path: String) -> Int {
        let name = path.split(separator: "/").last ?? ""
        return name.split(separator: "-").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
