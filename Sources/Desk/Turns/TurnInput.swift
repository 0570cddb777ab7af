// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Expressions

/// Everything a turn may look at; nothing else in the world may change its output.
public struct TurnInput: Sendable {
    /// The number of the turn, from 1, without gaps.
    public let turn: Int
    /// Desk time.
    public let time: Instant
    /// The signals delivered to this turn, oldest first.
    public let inbox: [Signal]
    /// What people and programs asked for, oldest first, as it is delivered; nobody vouches for it.
    public let requests: [JSON]
    /// The agent's memory.
    public let state: StateFile
    /// The agent's own skill.
    public let skill: Skill
    /// The shared skills that the agent lists, in the order of the configuration.
    public let sharedSkills: [Skill]

    /// Creates an input.
    public init(
        turn: Int,
        time: Instant,
        inbox: [Signal],
        requests: [JSON] = [],
        state: StateFile,
        skill: Skill,
        sharedSkills: [Skill]
    ) {
        self.turn = turn
        self.time = time
        self.inbox = inbox
        self.requests = requests
        self.state = state
        self.skill = skill
        self.sharedSkills = sharedSkills
    }

    /// The delivered signals of one topic, oldest first.
    public func signals(_ topic: Topic) -> [Signal] {
        inbox.filter { $0.topic == topic }
    }

    /// What each rule for a subject says, those of the agent's own skill first, each with the name
    /// of its skill.
    public func judgements(
        of subject: Rule.Subject,
        _ bindings: Bindings
    ) -> [(skill: String, judgement: Judgement)] {
        ([skill] + sharedSkills).flatMap { skill in
            skill.rules(for: subject).map { (skill.name, $0.judge(bindings)) }
        }
    }
}
