// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

extension GateSubject {
    /// Asks for the decisions over some bars.
    /// - Throws: What evaluating an expression throws, and what running a program throws.
    func table(on series: [BarSeries], dialect: IndicatorDialect) throws -> DecisionTable {
        let times = PreparedStrategy.union(series.map(\.times.array))
        switch self {
        case .strategy(let strategy):
            let tables = Self.tables(of: [strategy], on: series, times: times, dialect: dialect)
            return try tables[0].get()
        case .program(let strategy, let run):
            let table = try strategy.positions(series, run)
            return DecisionTable(.positions(table, series, strategy), times: times)
        }
    }

    /// The decisions of strategies that differ in their numbers only; what they have in common is
    /// computed once.
    static func tables(
        of strategies: [Strategy],
        on series: [BarSeries],
        times: [Instant],
        dialect: IndicatorDialect
    ) -> [Result<DecisionTable, QuantError>] {
        var legs = strategies.map { _ in Result<[DecidedLeg], QuantError>.success([]) }
        for bars in series {
            let decided = Self.decide(strategies, on: bars, dialect: dialect)
            for (place, leg) in decided.enumerated() {
                legs[place] = legs[place].flatMap { known in leg.map { known + [$0] } }
            }
        }
        return zip(strategies, legs).map { strategy, legs in
            legs.map { legs in
                DecisionTable(
                    .signals(legs, side: strategy.side, rules: strategy.rules),
                    times: times
                )
            }
        }
    }

    private static func decide(
        _ strategies: [Strategy],
        on bars: BarSeries,
        dialect: IndicatorDialect
    ) -> [Result<DecidedLeg, QuantError>] {
        let framed: FramedSeries
        do throws(QuantError) {
            framed = try FramedSeries(bars, frames: strategies[0].frames)
        } catch {
            return strategies.map { _ in .failure(error) }
        }
        var workspace = StrategyWorkspace(framed, dialect: dialect)
        for strategy in strategies {
            workspace.bind(strategy.parameters)
            workspace.announce(strategy.compiled)
        }
        workspace.computeAnnounced()
        return strategies.map { strategy in
            Result { () throws(QuantError) in
                let signals = try strategy.compiled.signals(&workspace, strategy.parameters)
                return DecidedLeg(bars, signals)
            }
        }
    }
}
