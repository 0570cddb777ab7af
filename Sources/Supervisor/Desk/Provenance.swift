// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Desk
import Git

/// Follows signals back through the ids that their bodies name.
public struct Provenance {
    private let desk: OpenDesk

    /// One signal of a chain with the commit that brought it.
    public struct Link: Sendable {
        /// The signal's id.
        public let id: String
        /// The signal's topic.
        public let topic: String
        /// The agent that said it.
        public let agent: String
        /// The turn in which it was said.
        public let turn: Int
        /// Desk time.
        public let time: String
        /// The commit.
        public let commit: String
        /// The commit's subject.
        public let summary: String
        /// The file on the agent's branch.
        public let path: String
        /// The hash of the market data that the turn saw, if it saw any.
        public let data: String?
        /// How many hypotheses the turn was told of, and the hash of the telling; nil for none.
        public let trials: String?
        /// The skills that the turn used, with their blob ids.
        public let skills: [String]
        /// What the signal says.
        public let body: JSON
    }

    /// Reads the branches of a desk.
    public init(_ desk: OpenDesk) {
        self.desk = desk
    }

    /// The chain of a thing, from it back to the proposal it came from.
    /// - Parameter id: An order's id (`o-…`) or a signal's.
    /// - Returns: Empty when nothing has that id.
    /// - Throws: A `GitError` or a `DeskError` when a branch cannot be read.
    public func trace(_ id: String) throws -> [Link] {
        var chain: [Link] = []
        var seen: Set<String> = []
        var waiting = [id]
        while let next = waiting.first {
            waiting.removeFirst()
            guard seen.insert(next).inserted, let found = try find(next) else { continue }
            chain.append(try link(found))
            waiting += Self.sources(of: found.signal)
        }
        return chain
    }

    /// The ids that a signal names as what it came from, nearest first.
    private static func sources(of signal: Signal) -> [String] {
        let names: [String] =
            switch signal.topic {
            case .order: ["verdict", "intent"]
            case .fill: ["order"]
            case .trade: ["entry"]
            case .verdict: ["subject"]
            case .intent: ["approval"]
            case .report: ["proposal"]
            case .lesson: ["trade"]
            case .bars, .proposal, .risk, .halt, .trials: []
            }
        return names.compactMap { signal.body[$0]?.stringValue }.filter { !$0.isEmpty }
    }

    private struct Found {
        let agent: AgentName
        let path: String
        let turn: Int
        let signal: Signal
    }

    private func find(_ id: String) throws -> Found? {
        let isOrder = id.hasPrefix("o-")
        let topicName = String(id.split(separator: "-").first ?? "")
        guard let topic = isOrder ? .order : Topic(rawValue: topicName) else { return nil }
        for agent in desk.configuration.agents where agent.role.topics.contains(topic) {
            guard let head = try desk.repository.reference(agent.name.reference) else { continue }
            var found: Found?
            let reader = SignalReader(repository: desk.repository)
            try reader.forEachFile(topic, of: agent.name, at: head) { signal, path, turn in
                let isIt = isOrder ? signal.body["order"]?.stringValue == id : signal.id == id
                if isIt { found = Found(agent: agent.name, path: path, turn: turn, signal: signal) }
                return found == nil
            }
            if let found { return found }
        }
        return nil
    }

    private func link(_ found: Found) throws -> Link {
        let entry = try TurnLog(desk).entry(of: found.agent, turn: found.turn)
        return Link(
            id: found.signal.id,
            topic: found.signal.topic.rawValue,
            agent: found.agent.description,
            turn: found.turn,
            time: entry.map { "\($0.record.time)" } ?? "",
            commit: entry?.commit ?? "",
            summary: entry?.record.summary ?? "",
            path: found.path,
            data: entry?.record.data,
            trials: entry?.record.trials,
            skills: entry?.record.skills ?? [],
            body: found.signal.body
        )
    }
}
