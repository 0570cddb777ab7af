// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Counts the signals of a desk for goals; what has been counted once is not read again.
///
/// A folder of signals never changes once its turns are over, so its counts are kept by the id of
/// its tree. Only the folders of the newest turns are read anew.
final class SignalTally {
    private struct Count {
        var topics: [Topic: Int] = [:]
        var passed: [String: Int] = [:]
        var failed: [String: Int] = [:]

        static func += (sum: inout Count, other: Count) {
            sum.topics.merge(other.topics) { $0 + $1 }
            sum.passed.merge(other.passed) { $0 + $1 }
            sum.failed.merge(other.failed) { $0 + $1 }
        }
    }

    private let repository: Repository
    private let needs: GoalPredicate.Needs
    private var known: [ObjectID: Count] = [:]
    private var used: [ObjectID: Count] = [:]

    init(_ repository: Repository, needs: GoalPredicate.Needs) {
        self.repository = repository
        self.needs = needs
    }

    /// What is committed on the branches of some agents.
    func facts(of agents: [AgentName]) throws -> GoalFacts {
        used = [:]
        var sum = Count()
        var facts = GoalFacts()
        for agent in agents.sorted() {
            guard let root = try signals(of: agent) else { continue }
            if needs.verdicts || !needs.counts.isEmpty { sum += try count(root, depth: 2) }
            for topic in needs.recent {
                facts.recent[topic, default: []] += try recent(topic, agent, root)
            }
        }
        known = used
        facts.counts = sum.topics
        facts.passed = sum.passed
        facts.failed = sum.failed
        for (topic, bodies) in facts.recent {
            facts.recent[topic] = Array(bodies.suffix(GoalPredicate.recentLimit))
        }
        return facts
    }

    private func signals(of agent: AgentName) throws -> ObjectID? {
        guard let head = try repository.reference(agent.reference) else { return nil }
        let tree = try repository.commit(head).tree
        return try repository.entry(atPath: "\(agent.folder)/signals", in: tree)?.id
    }

    private func count(_ tree: ObjectID, depth: Int) throws -> Count {
        if let count = used[tree] ?? known[tree] {
            used[tree] = count
            return count
        }
        var sum = Count()
        for entry in try repository.tree(tree) {
            if depth > 0 {
                if entry.mode == .tree { sum += try count(entry.id, depth: depth - 1) }
                continue
            }
            guard let topic = Self.topic(of: entry.name) else { continue }
            sum.topics[topic, default: 0] += 1
            guard topic == .verdict, needs.verdicts else { continue }
            let verdict = try Signal(committed: try repository.blob(entry.id), path: entry.name)
            let kind = verdict.body["kind"]?.stringValue ?? ""
            if verdict.body["passed"]?.boolValue == true {
                sum.passed[kind, default: 0] += 1
            } else {
                sum.failed[kind, default: 0] += 1
            }
        }
        // The root changes with every turn, so keeping it would only fill the memory.
        if depth < 2 { used[tree] = sum }
        return sum
    }

    /// The bodies of an agent's newest signals of a topic, newest last.
    private func recent(_ topic: Topic, _ agent: AgentName, _ root: ObjectID) throws -> [JSON] {
        var bodies: [JSON] = []
        for thousands in try folders(root) {
            for hundreds in try folders(thousands) {
                let files = try repository.tree(hundreds)
                    .filter { Self.topic(of: $0.name) == topic }
                    .sorted {
                        Self.place(of: $1.name).lexicographicallyPrecedes(Self.place(of: $0.name))
                    }
                for file in files {
                    let signal = try Signal(
                        committed: try repository.blob(file.id),
                        path: file.name
                    )
                    bodies.append(signal.body)
                    if bodies.count == GoalPredicate.recentLimit { return bodies.reversed() }
                }
            }
        }
        return bodies.reversed()
    }

    /// The folders in a folder, the newest first.
    private func folders(_ tree: ObjectID) throws -> [ObjectID] {
        try repository.tree(tree).filter { $0.mode == .tree }
            .sorted { $0.name > $1.name }
            .map(\.id)
    }

    /// The topic of `001234-2-intent.json`; nil for what is no signal.
    private static func topic(of name: String) -> Topic? {
        guard name.hasSuffix(".json") else { return nil }
        return name.dropLast(5).split(separator: "-", maxSplits: 2).last
            .flatMap { Topic(rawValue: String($0)) }
    }

    /// Turn and place within it.
    private static func place(of name: String) -> [Int] {
        name.split(separator: "-").prefix(2).map { Int($0) ?? 0 }
    }
}
