// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Walks forward through the bars before the seal: whichever of a strategy and its neighbours was
/// best on a stretch trades the stretch behind it, and so on.
///
/// Between the two lie as many bars as the longest position of any of them was held, so that no
/// position that was chosen by reaches into the bars that are traded (purging and embargo, López
/// de Prado 2018).
struct RefitWalk {
    /// The returns of all stretches that were traded, one after another.
    private(set) var returns: [Double] = []
    /// The instants at which the first and the last of them end.
    private(set) var span: (from: Instant, through: Instant)?
    /// How often something else than the strategy itself was chosen, and of how many choices.
    private(set) var choices = (others: 0, all: 0)
    /// The bars between choosing and trading.
    let embargo: Int

    /// The fewest returns to choose by.
    static let leastTrained = 126

    /// Walks; nothing is traded when positions are held too long for anything to be chosen by.
    ///
    /// The results are those of the tables over all instants.
    init(
        _ tables: [DecisionTable],
        _ results: [BacktestResult],
        costs: Costs,
        terms: GateTerms
    ) {
        embargo = results.flatMap(\.trades).map(\.bars).max() ?? 0
        let limits = terms.thresholds
        guard limits.trainBars - embargo >= Self.leastTrained else { return }
        let times = tables[0].times
        let columns = results.map(\.returns)
        var capital = terms.capital
        var start = limits.trainBars
        while start < times.count, capital > 0 {
            let end = min(start + limits.testBars, times.count)
            // The return at a place is that of the bar behind it.
            let trained = (start - limits.trainBars)..<(start - 1 - embargo)
            let best = Self.best(columns, trained)
            choices.all += 1
            if best > 0 { choices.others += 1 }
            let result = tables[best].run(
                (start - 1)..<end,
                costs: costs,
                terms: terms,
                capital: capital
            )
            returns += result.returns
            span = (span?.from ?? times[start], times[end - 1])
            capital = result.equity.last ?? 0
            start = end
        }
    }

    /// The column with the greatest mean over deviation, the first of equals.
    private static func best(_ columns: [[Double]], _ rows: Range<Int>) -> Int {
        var best = (place: 0, score: -Double.infinity)
        for (place, column) in columns.enumerated() {
            let spread = Moments(Array(column[rows])).spread
            let score = spread.map { $0.mean / $0.deviation } ?? 0
            if score > best.score { best = (place, score) }
        }
        return best.place
    }
}
