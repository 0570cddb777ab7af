// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What the commit of a turn says in its message: a subject for people, trailers for code.
///
/// Nothing in it differs between two runs of the same desk over the same inputs.
public struct TurnRecord: Sendable, Hashable {
    /// One upstream branch and the commit up to which the turn had read it.
    public struct Frontier: Sendable, Hashable {
        /// The branch, such as `agents/ingestor`.
        public let branch: String
        /// The commit's id in hexadecimal.
        public let commit: String

        /// Creates a frontier.
        public init(branch: String, commit: String) {
            self.branch = branch
            self.commit = commit
        }
    }

    /// The number of the turn, from 1.
    public let turn: Int
    /// Desk time.
    public let time: Instant
    /// The round within the instant, from 1.
    public let round: Int
    /// The turn's own summary, already made safe; the commit's subject.
    public let summary: String
    /// What the turn did, one item a line, when the subject cannot hold it all.
    public let details: [String]
    /// What had been read of each upstream branch, sorted by branch.
    public let frontiers: [Frontier]
    /// The skills used, as `name blob-id`, the agent's own first.
    public let skills: [String]
    /// The hash of the market data that the turn could see, if it saw any.
    public let data: String?
    /// How many hypotheses a verifier was told of, and the hash of the telling; nil for none.
    public let trials: String?
    /// What started the turn, in the order in which it came; empty in a replay, where time does.
    public let triggers: [TurnTrigger]
    /// The models that were asked, by the names that their servers have for them, sorted.
    public let models: [String]
    /// What it has cost for language models; nil when nothing is known of it.
    public let spending: TurnSpending?

    /// Creates a record.
    public init(
        turn: Int,
        time: Instant,
        round: Int,
        summary: String,
        details: [String] = [],
        frontiers: [Frontier],
        skills: [String],
        data: String?,
        trials: String? = nil,
        triggers: [TurnTrigger] = [],
        models: [String] = [],
        spending: TurnSpending? = nil
    ) {
        self.turn = turn
        self.time = time
        self.round = round
        self.summary = summary
        self.details = details
        self.frontiers = frontiers
        self.skills = skills
        self.data = data
        self.trials = trials
        self.triggers = triggers
        self.models = models
        self.spending = spending
    }

    /// The commit's message.
    public var message: String {
        var lines = ["Turn: \(turn)", "Desk-Time: \(time)", "Round: \(round)"]
        lines += frontiers.map { "Read: \($0.branch) \($0.commit)" }
        lines += skills.map { "Skill: \($0)" }
        if let data { lines.append("Data: \(data)") }
        if let trials { lines.append("Trials: \(trials)") }
        lines += models.map { "Model: \($0)" }
        lines += spending?.trailers ?? []
        lines += triggers.map { "Trigger: \($0)" }
        let story = details.isEmpty ? "" : details.map { "- \($0)\n" }.joined() + "\n"
        return "\(summary)\n\n\(story)\(lines.joined(separator: "\n"))\n"
    }

    /// Reads a record back from a commit; nil when the commit is not a turn's.
    public init?(subject: String, trailers: [(key: String, value: String)]) {
        func values(_ key: String) -> [String] {
            trailers.filter { $0.key == key }.map(\.value)
        }
        guard let turn = values("Turn").first.flatMap({ Int($0) }),
            let time = values("Desk-Time").first.flatMap({ Instant($0) }),
            let round = values("Round").first.flatMap({ Int($0) })
        else { return nil }
        var frontiers: [Frontier] = []
        for line in values("Read") {
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 2 else { return nil }
            frontiers.append(Frontier(branch: parts[0], commit: parts[1]))
        }
        let triggers = values("Trigger").compactMap { TurnTrigger($0) }
        guard triggers.count == values("Trigger").count else { return nil }
        self.init(
            turn: turn,
            time: time,
            round: round,
            summary: subject,
            frontiers: frontiers,
            skills: values("Skill"),
            data: values("Data").first,
            trials: values("Trials").first,
            triggers: triggers,
            models: values("Model"),
            spending: TurnSpending(tokens: values("Tokens").first, cost: values("Cost").first)
        )
    }
}
