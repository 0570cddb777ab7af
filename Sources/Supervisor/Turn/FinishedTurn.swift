// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Git

/// What came of a turn, before it is committed.
enum TurnOutcome {
    /// It wrote something that may be committed.
    case finished(TurnFolder.Harvest, TurnStory)
    /// It failed as often as is allowed; its inbox is set aside.
    case parked(reason: String, TurnTape)
}

/// A turn whose commit exists, new or found in history.
struct FinishedTurn {
    let agent: AgentName
    let commit: ObjectID
    let record: TurnRecord
    let signals: [Signal]
}
