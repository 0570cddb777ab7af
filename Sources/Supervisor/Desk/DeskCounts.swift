// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
import Git

/// What a desk's branches hold, counted from git alone.
public struct DeskCounts: Sendable {
    /// The commits that the branches point to, sorted by branch.
    public let heads: [(branch: String, commit: String)]
    /// The turns of all agents together.
    public let turns: Int
    /// The turns of the ingestor, which are the ticks of the clock.
    public let ticks: Int
    /// The signals by topic.
    public let signals: [Topic: Int]
    /// Verdicts on strategies that passed and that failed.
    public let strategies: (passed: Int, failed: Int)
    /// Verdicts on intents that passed and that failed.
    public let intents: (passed: Int, failed: Int)
    /// For each rule on strategies and on intents, how often it did not hold; most often first.
    public let broken: [(kind: String, rule: String, count: Int)]
    /// The turns whose inbox was parked because they failed again and again, by agent.
    public let deadLetters: [(agent: AgentName, count: Int)]
    /// The branches that propose a lesson.
    public let lessons: Int
    /// The looks at sealed data that verdicts tell of.
    public let looks: Int

    /// Counts.
    public init(_ desk: OpenDesk) throws {
        let repository = desk.repository
        heads = try repository.references(withPrefix: "refs/heads/").map {
            (String($0.name.dropFirst("refs/heads/".count)), $0.id.description)
        }
        lessons = heads.count { $0.branch.hasPrefix("skills/") }
        let reader = SignalReader(repository: repository)
        var turns = 0
        var ticks = 0
        var signals: [Topic: Int] = [:]
        var tally = VerdictTally()
        var deadLetters: [(agent: AgentName, count: Int)] = []
        for agent in desk.configuration.agents {
            guard let head = try repository.reference(agent.name.reference) else { continue }
            let last = try desk.newestRecord(of: agent.name)?.turn ?? 0
            turns += last
            if agent.role == .ingestor { ticks += last }
            for (topic, count) in try reader.counts(of: agent.name, at: head) {
                signals[topic, default: 0] += count
            }
            let parked = try reader.deadLetters(of: agent.name, at: head)
            if parked > 0 { deadLetters.append((agent.name, parked)) }
            guard agent.role == .verifier else { continue }
            try reader.forEach(.verdict, of: agent.name, at: head) { tally.add($0.body) }
        }
        self.turns = turns
        self.ticks = ticks
        self.signals = signals
        self.deadLetters = deadLetters
        strategies = (tally.passed["report"] ?? 0, tally.failed["report"] ?? 0)
        looks = tally.looks
        intents = (tally.passed["intent"] ?? 0, tally.failed["intent"] ?? 0)
        broken = tally.sortedBroken
    }
}

/// Verdicts by kind and outcome, and the rules that were broken.
private struct VerdictTally {
    var passed: [String: Int] = [:]
    var failed: [String: Int] = [:]
    var looks = 0
    private var broken: [String: [String: Int]] = [:]

    mutating func add(_ verdict: JSON) {
        let kind = verdict["kind"]?.stringValue ?? ""
        if verdict["look"]?.objectValue != nil { looks += 1 }
        guard verdict["passed"]?.boolValue != true else {
            passed[kind, default: 0] += 1
            return
        }
        failed[kind, default: 0] += 1
        // Rules are about what the gate has let through; before that, its first objection counts.
        if let objection = Self.objection(verdict) {
            broken[kind, default: [:]][objection, default: 0] += 1
            return
        }
        for rule in verdict["rules"]?.arrayValue ?? [] where rule["holds"]?.boolValue != true {
            broken[kind, default: [:]][rule["rule"]?.stringValue ?? "", default: 0] += 1
        }
    }

    private static func objection(_ verdict: JSON) -> String? {
        guard let gate = verdict["gate"] else { return verdict["reason"]?.stringValue }
        let tests = gate["tests"]?.arrayValue ?? []
        let first = tests.first { $0["outcome"] != "held" }
        return first?["name"]?.stringValue.map { "the gate's test \($0)" }
    }

    var sortedBroken: [(kind: String, rule: String, count: Int)] {
        let all = broken.flatMap { kind, rules in
            rules.map { (kind: kind, rule: $0.key, count: $0.value) }
        }
        return all.sorted { ($1.kind, $1.count, $0.rule) < ($0.kind, $0.count, $1.rule) }
    }
}
