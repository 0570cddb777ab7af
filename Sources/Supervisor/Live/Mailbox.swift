// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// What waits for one agent: the turns of others that said something it listens to.
///
/// Only so many turns are held in memory. When more come, the rest stays on the branches it was
/// committed to, and is read from there once there is room again.
struct Mailbox {
    /// One turn of somebody else's, with the signals that are meant for the reader.
    struct Letter {
        let writer: AgentName
        let commit: ObjectID
        let time: Instant
        let round: Int
        let signals: [Signal]
    }

    /// What one turn is given to read.
    struct Delivery {
        var letters: [Letter] = []
        var frontiers: [TurnRecord.Frontier] = []

        var inbox: [Signal] { letters.flatMap(\.signals) }
    }

    /// How far one upstream branch has been read.
    private struct Upstream {
        let writer: AgentName
        /// The commit up to which letters have been handed out; nil before the first.
        var read: ObjectID?
        /// The newest commit whose letters were taken in, or that had none.
        var known: ObjectID?
        /// Commits behind ``known``, oldest first, that are read when there is room.
        var left: ArraySlice<ObjectID> = []
    }

    private let reader: AgentConfiguration
    private var upstreams: [Upstream]
    private var letters: [Letter] = []

    /// The most turns held in memory, and the most signals handed out at once.
    static let limits = (letters: 512, signals: 1000)

    /// Makes a mailbox that has read the branches of others up to given commits.
    /// - Parameters:
    ///   - reader: The agent.
    ///   - agents: All agents.
    ///   - read: The commit of each branch up to which the agent has read.
    ///   - left: The commits of each branch behind that, oldest first.
    init(
        reader: AgentConfiguration,
        agents: [AgentConfiguration],
        read: [AgentName: ObjectID],
        left: [AgentName: [ObjectID]]
    ) {
        self.reader = reader
        upstreams = Self.writers(for: reader, among: agents).map { writer in
            Upstream(
                writer: writer,
                read: read[writer],
                known: read[writer],
                left: ArraySlice(left[writer] ?? [])
            )
        }
    }

    /// The agents that may say something a reader listens to.
    static func writers(
        for reader: AgentConfiguration,
        among agents: [AgentConfiguration]
    ) -> [AgentName] {
        agents.filter { writer in
            writer.name != reader.name && writer.role.topics.contains { reader.topics.contains($0) }
        }
        .map(\.name)
    }

    /// Whether nothing waits, as far as is known without reading branches.
    var isEmpty: Bool { letters.isEmpty && upstreams.allSatisfy(\.left.isEmpty) }

    /// How many turns wait, those that may hold nothing for the reader included.
    var count: Int { letters.count + upstreams.reduce(0) { $0 + $1.left.count } }

    /// Takes in a turn of somebody else's.
    mutating func post(_ turn: FinishedTurn) {
        guard let index = upstreams.firstIndex(where: { $0.writer == turn.agent }) else { return }
        guard upstreams[index].left.isEmpty, letters.count < Self.limits.letters else {
            upstreams[index].left.append(turn.commit)
            return
        }
        upstreams[index].known = turn.commit
        take(turn)
    }

    /// Hands out what waits, oldest first, whole turns only.
    mutating func collect() -> Delivery {
        var delivery = Delivery()
        var count = 0
        while let letter = letters.first {
            count += letter.signals.count
            guard count <= Self.limits.signals || delivery.letters.isEmpty else { break }
            delivery.letters.append(letters.removeFirst())
        }
        for index in upstreams.indices {
            let writer = upstreams[index].writer
            if letters.contains(where: { $0.writer == writer }) {
                // Something is left: read is what was handed out last.
                let last = delivery.letters.last { $0.writer == writer }?.commit
                upstreams[index].read = last ?? upstreams[index].read
            } else {
                upstreams[index].read = upstreams[index].known
            }
        }
        delivery.frontiers = frontiers
        return delivery
    }

    /// How far each upstream branch has been read.
    var frontiers: [TurnRecord.Frontier] {
        upstreams.compactMap { upstream in
            upstream.read.map { .init(branch: upstream.writer.branch, commit: $0.description) }
        }
    }

    /// Reads what was left on the branches, as far as there is room.
    /// - Parameter read: Reads a turn back; nil for a commit that is none.
    mutating func refill(_ read: (AgentName, ObjectID) throws -> FinishedTurn?) rethrows {
        guard letters.isEmpty else { return }
        for index in upstreams.indices {
            while letters.count < Self.limits.letters, let id = upstreams[index].left.first {
                let turn = try read(upstreams[index].writer, id)
                upstreams[index].left.removeFirst()
                upstreams[index].known = id
                if let turn { take(turn) }
            }
        }
        letters.sort { ($0.time, $0.round, $0.writer) < ($1.time, $1.round, $1.writer) }
    }

    private mutating func take(_ turn: FinishedTurn) {
        let wanted = turn.signals.filter { reader.topics.contains($0.topic) }
        guard !wanted.isEmpty else { return }
        letters.append(
            Letter(
                writer: turn.agent,
                commit: turn.commit,
                time: turn.record.time,
                round: turn.record.round,
                signals: wanted
            )
        )
    }
}
