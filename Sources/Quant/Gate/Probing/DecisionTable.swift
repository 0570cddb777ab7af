// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a strategy wants at each bar of each symbol, from which it can be run, as it is or
/// disturbed, without being asked again.
struct DecisionTable: Sendable {
    /// The two kinds of decisions.
    enum Content: Sendable {
        /// To enter and to leave, one leg per symbol.
        case signals([DecidedLeg], side: Strategy.Side, rules: TradingRules)
        /// Positions to hold, one list per symbol.
        case positions(PositionTable, [BarSeries], PositionStrategy)
    }

    let content: Content
    /// The instants at which any symbol has a bar.
    let times: [Instant]

    init(_ content: Content, times: [Instant]) {
        self.content = content
        self.times = times
    }

    /// The bars, one series per symbol.
    var series: [BarSeries] {
        switch content {
        case .signals(let legs, _, _): legs.map(\.series)
        case .positions(_, let series, _): series
        }
    }

    /// Runs what is decided over a range of instants, which must not be empty.
    ///
    /// What is decided at the first is filled at the second, so there is one return fewer.
    func run(
        _ rows: Range<Int>? = nil,
        costs: Costs,
        terms: GateTerms,
        capital: Double? = nil
    ) -> BacktestResult {
        let rows = rows ?? times.indices
        let kept = Array(times[rows])
        switch content {
        case .signals(let legs, let side, let rules):
            var simulation = Simulation(
                legs,
                times: times,
                side: side,
                rules: rules,
                costs: costs,
                capital: capital ?? terms.capital
            )
            simulation.run(rows)
            return simulation.outcome.result(
                times: kept,
                periodsPerYear: terms.periodsPerYear,
                riskFree: terms.riskFree,
                includesNeweyWest: true
            )
        case .positions(let table, let series, let strategy):
            var simulation = PositionSimulation(
                strategy,
                table: table,
                history: series,
                costs: costs,
                capital: capital ?? terms.capital,
                from: kept.first
            )
            simulation.run(kept)
            return simulation.result(
                kept,
                periodsPerYear: terms.periodsPerYear,
                riskFree: terms.riskFree
            )
        }
    }

    /// The places at which another table decides otherwise, of the bars that both have through an
    /// instant; the series of the other may start later than those of this one.
    ///
    /// Bars before `from` are not looked at.
    func differences(
        from other: DecisionTable,
        since from: Instant? = nil,
        through last: Instant
    ) -> (bars: Int, first: (symbol: Symbol, time: Instant)?, compared: Int) {
        var bars = 0
        var compared = 0
        var first: (symbol: Symbol, time: Instant)?
        for (leg, series) in series.enumerated() {
            let theirs = other.series[leg]
            guard let start = theirs.times.first else { continue }
            let offset = series.firstIndex(atOrAfter: start)
            let begin = from.map { max(offset, series.firstIndex(atOrAfter: $0)) } ?? offset
            let end = min(series.firstIndex(after: last), offset + theirs.count)
            guard begin < end else { continue }
            compared += end - begin
            for row in begin..<end where differs(from: other, leg: leg, row, row - offset) {
                bars += 1
                if first.map({ series.times[row] < $0.time }) ?? true {
                    first = (series.symbol, series.times[row])
                }
            }
        }
        return (bars, first, compared)
    }

    private func differs(from other: DecisionTable, leg: Int, _ row: Int, _ theirs: Int) -> Bool {
        switch (content, other.content) {
        case (.signals(let own, _, _), .signals(let others, _, _)):
            own[leg].differs(at: row, from: others[leg], at: theirs)
        case (.positions(let own, _, _), .positions(let others, _, _)):
            abs(own.wanted[leg][row] - others.wanted[leg][theirs]) > PositionTable.tolerance
        default: true
        }
    }

    /// The instants at which some decision differs from the one before.
    var changes: [Instant] {
        var changes: Set<Instant> = []
        switch content {
        case .signals(let legs, _, _):
            for leg in legs {
                for row in leg.enter.indices.dropFirst()
                where leg.enter[row] != leg.enter[row - 1] || leg.exit[row] != leg.exit[row - 1] {
                    changes.insert(leg.series.times[row])
                }
            }
        case .positions(let table, let series, _):
            for (leg, list) in table.changes.enumerated() {
                for row in list.indices where list[row] { changes.insert(series[leg].times[row]) }
            }
        }
        return changes.sorted()
    }
}

extension DecidedLeg {
    /// Whether a bar is decided otherwise than one of another leg.
    ///
    /// Distances may differ by what sums over other numbers of bars round differently.
    fileprivate func differs(at row: Int, from other: DecidedLeg, at place: Int) -> Bool {
        guard enter[row] == other.enter[place], exit[row] == other.exit[place],
            invalidation?[row] == other.invalidation?[place]
        else { return true }
        guard enter[row] else { return false }
        return !Self.isNear(stop?[row], other.stop?[place])
            || !Self.isNear(target?[row], other.target?[place])
    }

    private static func isNear(_ left: Double?, _ right: Double?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left == right || abs(left - right) <= 1e-9 * max(abs(left), abs(right))
    }
}
