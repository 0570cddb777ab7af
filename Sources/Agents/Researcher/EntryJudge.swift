// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Decides which of the entries that approved strategies want are made, and what is left early.
protocol EntryJudge {
    /// Looks at what strategies want at today's close.
    ///
    /// A judge can only take entries away and add exits: what no approved strategy wants to enter
    /// is not entered, and what its strategy wants to leave is left.
    func judge(
        _ wishes: [Wish],
        _ input: TurnInput,
        _ memory: ResearcherMemory
    ) throws -> Judged
}

/// What a strategy would do with one symbol at today's close.
struct Wish {
    let strategy: Strategy
    let hash: String
    let series: BarSeries
    var enters: Bool
    var exits: Bool
    /// Why, as an intent tells it; null when the strategy alone decides.
    var decision = JSON.null
}

/// What a judge has decided.
struct Judged {
    var wishes: [Wish]
    /// What was thought, for people; empty for nothing.
    var note = ""
    /// What to say in the log.
    var story: [String] = []
}
