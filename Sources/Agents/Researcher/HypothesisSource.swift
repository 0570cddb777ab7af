// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Quant

/// Where a researcher's hypotheses come from when they are not those of its catalog.
protocol HypothesisSource {
    /// Thinks of strategies at a research date.
    /// - Parameters:
    ///   - input: The turn.
    ///   - memory: What the researcher remembers.
    ///   - history: The history in sample.
    ///   - limit: The most strategies.
    /// - Returns: What it has thought of.
    /// - Throws: When the turn cannot be done; finding nothing is no error.
    func hypotheses(
        _ input: TurnInput,
        _ memory: ResearcherMemory,
        history: [BarSeries],
        limit: Int
    ) throws -> Hypotheses
}

/// What a source has thought of.
struct Hypotheses {
    /// Each strategy that was tried, and whether it is to be pursued.
    var tried: [(strategy: Strategy, isProposed: Bool)] = []
    /// What was thought, for people; empty for nothing.
    var note = ""
    /// What to say in the log when nothing came of it.
    var failure: String?
}
