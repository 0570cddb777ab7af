// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Asks again for decisions with a history that starts later, once indicators have had time to
/// settle.
///
/// The idea is that of recursive analysis: an average without an end remembers its start, and a
/// strategy that lives on it would trade otherwise for whoever has another history.
struct WarmUpCheck {
    /// The bars behind the latest start before decisions are compared.
    static let settlingBars = 252

    let table: DecisionTable
    let laterStarts: [Int]

    /// The greatest share of bars that are decided otherwise; nil when no bar can be compared.
    func drift(_ decide: LookAheadCheck.Decide) throws -> (share: Double, start: Instant)? {
        guard let latest = laterStarts.max(), let last = table.times.last,
            latest + Self.settlingBars < table.times.count
        else { return nil }
        let from = table.times[latest + Self.settlingBars]
        var worst: (share: Double, start: Instant)?
        for bars in laterStarts {
            let start = table.times[bars]
            let kept = table.series.map { $0[$0.firstIndex(atOrAfter: start)..<$0.count] }
            let again = try decide(kept)
            let found = table.differences(from: again, since: from, through: last)
            guard found.compared > 0 else { continue }
            let share = Double(found.bars) / Double(found.compared)
            if worst.map({ share > $0.share }) ?? true { worst = (share, start) }
        }
        return worst
    }
}
