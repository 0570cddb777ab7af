// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Git

/// What came of a turn, before it is committed.
enum TurnOutcome {
    /// It wrote something that may be committed.
    case finished(TurnFolder.Harvest, TurnStory)
    /// It failed as often as is allowed; its inbox is set aside.
    case parked(reason: String, TurnTape, TurnSpending? = nil)

    /// The same outcome, with what attempts before it have cost.
    func adding(_ before: TurnSpending?) -> TurnOutcome {
        guard let before, case .finished(let harvest, var story) = self else { return self }
        story.spending = .sum(before, story.spending)
        return .finished(harvest, story)
    }
}

/// A turn whose commit exists, new or found in history.
struct FinishedTurn {
    let agent: AgentName
    let commit: ObjectID
    let record: TurnRecord
    let signals: [Signal]
}
