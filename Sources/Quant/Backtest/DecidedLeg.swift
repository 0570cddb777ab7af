// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One symbol's bars and what is decided at the close of each.
struct DecidedLeg: Sendable {
    let series: BarSeries
    var enter: [Bool]
    var exit: [Bool]
    /// Whether the idea behind a position has failed; nil for no such condition.
    var invalidation: [Bool]?
    /// How far from the close an entry rests; nil for a share or none.
    var limit: [Double]?
    /// The distance of the stop from the entry price; nil for a share or none.
    var stop: [Double]?
    /// The distance of the target from the entry price; nil for a share or none.
    var target: [Double]?

    init(_ series: BarSeries, _ signals: Signals) {
        let rows = signals.rows(count: series.count)
        self.series = series
        enter = rows[0]
        exit = rows[1]
        invalidation = rows.count > 2 ? rows[2] : nil
        limit = signals.limit
        stop = signals.stop
        target = signals.target
    }
}
