// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import CKernels
import Expressions

/// Combinations over the bars of one symbol, many of them side by side on one block after another.
struct SweepTiles: Sendable {
    /// One combination, ready to run.
    struct Combination: Sendable {
        let index: Int
        let parameters: [String: Double]
        let rules: TradingRules
        let signals: Signals
    }

    let series: BarSeries
    private let runner: SweepRunner
    private let window: Range<Int>
    private let leastClose: Double

    /// - Throws: A ``QuantError`` with code `noData` when there are no bars in the window.
    init(_ runner: SweepRunner, _ series: BarSeries) throws(QuantError) {
        self.runner = runner
        self.series = series
        leastClose = try series.requireFinitePrices()
        let chosen = runner.options.window
        let first = chosen.map { series.firstIndex(atOrAfter: $0.from) } ?? 0
        let end = chosen.map { series.firstIndex(after: $0.through) } ?? series.count
        guard first < end else {
            throw QuantError(
                .noData,
                operation: "run sweep",
                reason: series.isEmpty
                    ? "the history has no bars" : "there are no bars in the window"
            )
        }
        window = first..<end
    }

    /// Runs some combinations and returns their rows in the same order.
    func rows(_ combinations: [Combination], _ hasher: BindingHasher) -> [SweepRow] {
        let terms = runner.terms
        let ended = Market.with(
            series,
            hasOnlyPositiveCloses: leastClose > 0,
            window: window
        ) { market in
            var simulations = combinations.map { combination in
                EventSimulation(
                    combination.rules,
                    costs: terms.costs,
                    capital: terms.capital,
                    market: market,
                    keepsTrades: false
                )
            }
            simulations.withUnsafeMutableBufferPointer {
                run($0, combinations.map(\.signals), market)
            }
            return simulations
        }
        return zip(combinations, ended).map { row($0, $1, hasher) }
    }

    private func run(
        _ simulations: UnsafeMutableBufferPointer<EventSimulation>,
        _ signals: [Signals],
        _ market: Market
    ) {
        let most = signals.map(\.program.scratchWords).max() ?? 0
        let stride = ConditionProgram.blockWords
        // Nothing of these but the program needs to be looked at again at every block.
        let isPlain = signals.map { !$0.hasInvalidation && $0.stop == nil && $0.target == nil }
        let evaluators = signals.map(\.program.evaluator)
        let columns = Self.columns(signals)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: most) { scratch in
            guard let words = scratch.baseAddress else { return }
            var start = market.first & ~63
            while start <= market.last {
                let end = min(market.last + 1, start + stride * 64)
                let next = end..<min(market.last + 1, end + stride * 64)
                for index in signals.indices {
                    // The next block is on its way from memory while this one is dealt with.
                    Self.fetch(columns, next, index, of: signals.count)
                    evaluators[index].evaluate(start..<end, words)
                    guard isPlain[index] else {
                        simulations[index].take(
                            signals[index],
                            market,
                            start..<end,
                            words,
                            nil
                        )
                        continue
                    }
                    let decisions = BlockDecisions(
                        start: start,
                        enter: UnsafePointer(words),
                        exit: UnsafePointer(words + stride),
                        invalidation: nil,
                        stop: nil,
                        target: nil,
                        rows: nil,
                        firstRow: max(start, market.first)
                    )
                    simulations[index].advance(to: end, market, decisions)
                }
                start = end
            }
            for index in signals.indices { simulations[index].finish() }
            withExtendedLifetime(signals) {}
        }
    }

    /// Asks for one of several equal shares of some rows of all columns.
    @inline(__always)
    private static func fetch(
        _ columns: [UnsafeRawPointer?],
        _ rows: Range<Int>,
        _ part: Int,
        of parts: Int
    ) {
        guard !rows.isEmpty else { return }
        desk_fetch_share(columns, columns.count, rows.lowerBound, rows.upperBound, part, parts)
    }

    /// Where the columns lie that any of the programs reads, each once.
    private static func columns(_ signals: [Signals]) -> [UnsafeRawPointer?] {
        var seen: Set<UnsafeRawPointer> = []
        return signals.flatMap(\.program.columns).filter { seen.insert($0).inserted }
    }

    private func row(
        _ combination: Combination,
        _ simulation: EventSimulation,
        _ hasher: BindingHasher
    ) -> SweepRow {
        let (terms, trades) = (runner.terms, simulation.sums)
        // Every position is closed at the last bar, so that equity is cash there.
        let sums = EquitySums(
            simulation.curve,
            first: Cash(terms.capital).value,
            last: simulation.money
        )
        let activity = TradingActivity(
            trades,
            exposure: Double(trades.exposedBars) / Double(window.count),
            turnover: trades.traded / sums.mean / (Double(sums.count) / terms.periodsPerYear)
        )
        let metrics = Performance(sums, activity, terms) ?? twoPasses(combination.index)
        return SweepRow(
            index: combination.index,
            values: runner.grid.values(at: combination.index),
            hash: hasher.hash(combination.parameters),
            metrics: metrics,
            finalEquity: simulation.money
        )
    }

    /// The figures of a combination whose returns one pass cannot tell apart.
    private func twoPasses(_ index: Int) -> Performance {
        // An error cannot come: the same combination has just been run over the same bars.
        guard let result = try? runner.backtest(index) else {
            preconditionFailure("what has run once runs again")
        }
        return result.metrics
    }
}
