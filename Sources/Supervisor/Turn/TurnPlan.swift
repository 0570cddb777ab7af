// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// One turn before it runs: fixed once, and the same again after a crash.
struct TurnPlan {
    let agent: AgentConfiguration
    let turn: Int
    private(set) var time: Instant
    private(set) var round: Int
    /// What started the turn on a live desk; empty in a replay.
    let triggers: [TurnTrigger]
    /// Requests from outside that it is to answer, oldest first.
    var requests: [TriggerRequest] = []
    /// The signals that it reads, oldest first.
    let inbox: [Signal]
    /// What it is given instead when it is to judge blindly; nil when it reads them as they are.
    var blind: BlindDelivery?
    /// What the turn will have read of each upstream branch.
    let frontiers: [TurnRecord.Frontier]
    /// The hash of the market data that the agent is shown.
    let data: ContentHash?
    /// Skill files to write into the worktree first, because `main` has newer ones.
    let newSkills: [(path: String, bytes: [UInt8])]

    var name: AgentName { agent.name }

    /// The signals to deliver, oldest first.
    var deliveries: [Signal] { blind?.items ?? inbox }

    /// The same turn, behind a place in desk time that others have reached while it waited.
    func notBefore(_ place: (time: Instant, round: Int)?) -> TurnPlan {
        guard let place, (time, round) < place else { return self }
        var later = self
        later.time = place.time
        later.round = place.round + 1
        return later
    }

    /// The record for the commit of the turn.
    func record(_ story: TurnStory, skills: [String], _ tape: TurnTape) -> TurnRecord {
        TurnRecord(
            turn: turn,
            time: time,
            round: round,
            summary: story.subject,
            details: story.details,
            frontiers: frontiers,
            skills: skills,
            data: data?.description,
            trials: blind?.trials,
            triggers: triggers,
            models: tape.models,
            spending: .sum(story.spending, tape.spending)
        )
    }
}
