// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Quant

/// The verifier's own look at a strategy, recomputed from bars: out of sample, in sample, and at
/// the ends of the last five months of 21 sessions.
struct StrategyExamination {
    /// The figures that rules may read, by the names of the rule vocabulary.
    let metrics: JSON
    /// What was looked at.
    let sample: JSON

    /// The sessions in a year, for annualising.
    static let year = 252.0
    /// The sessions between two of the last five backtests, and their number.
    static let step = 21, repeats = 5

    /// Examines a strategy as of the last bar of a history.
    /// - Parameters:
    ///   - strategy: The strategy.
    ///   - history: All bars up to now, sealed window included.
    ///   - window: The sessions out of sample.
    ///   - seal: The last instant that the maker could see.
    ///   - costs: What trading costs.
    ///   - capital: The starting equity of each backtest.
    /// - Throws: A `QuantError`: `noData` before the first bar.
    init(
        _ strategy: Strategy,
        history: [BarSeries],
        window: Int,
        seal: Instant,
        costs: Costs,
        capital: Double
    ) throws(QuantError) {
        let series = strategy.history(from: history)
        let prepared = try PreparedStrategy(strategy, history: series)
        func run(through end: Int) throws(QuantError) -> BacktestResult {
            // One bar more than returns, since the first only sets the starting equity.
            let first = max(0, end - window)
            return try prepared.run(
                window: (prepared.times[first], prepared.times[end]),
                costs: costs,
                capital: capital
            )
        }
        let last = prepared.times.count - 1
        guard last >= 0 else {
            throw QuantError(
                .noData,
                operation: "examine strategy",
                reason: "there are no bars yet"
            )
        }
        let result = try run(through: last)
        var backtests: [JSON] = []
        for index in 0..<Self.repeats {
            let end = last - index * Self.step
            guard end - window >= 0 else { break }
            let past = index == 0 ? result : try run(through: end)
            backtests.append(Self.backtest(past))
        }
        let plain = try Self.buyAndHold(strategy)
        let benchmark = try PreparedStrategy(plain, history: series).run(
            window: (prepared.times[max(0, last - window)], prepared.times[last]),
            costs: Costs(feeRate: 0, slippageRate: 0, contracts: costs.contracts),
            capital: capital
        )
        metrics = Self.metrics(
            strategy,
            result,
            inSample: try Self.inSample(prepared, seal: seal, costs: costs, capital: capital),
            benchmark: benchmark,
            backtests: backtests
        )
        sample = [
            "from": .string("\(prepared.times[max(0, last - window)].date)"),
            "through": .string("\(prepared.times[last].date)"),
            "returns": .int(Int64(result.returns.count)),
        ]
    }

    private static func inSample(
        _ prepared: PreparedStrategy,
        seal: Instant,
        costs: Costs,
        capital: Double
    ) throws(QuantError) -> BacktestResult? {
        guard let first = prepared.times.first, first <= seal else { return nil }
        return try prepared.run(window: (first, seal), costs: costs, capital: capital)
    }

    /// Holding the universe in equal parts, for comparison.
    private static func buyAndHold(_ strategy: Strategy) throws(QuantError) -> Strategy {
        try Strategy([
            "schema": 1, "name": "buy-and-hold", "family": "benchmark",
            "universe": .array(strategy.universe.map { .string($0.description) }),
            "side": "long", "parameters": [:], "features": [:], "enter": "close > 0.0",
            "exit": "close < 0.0", "size": .double(1 / Double(strategy.universe.count)),
        ])
    }

    private static func metrics(
        _ strategy: Strategy,
        _ result: BacktestResult,
        inSample: BacktestResult?,
        benchmark: BacktestResult,
        backtests: [JSON]
    ) -> JSON {
        var members: [JSON.Member] = [
            .init("backtests", .array(backtests)),
            .init(
                "buy_and_hold",
                .object(figures([("sharpe", benchmark.metrics.sharpe)]))
            ),
            .init("family", .string(strategy.family)),
            .init(
                "in_sample",
                .object(
                    figures([("sharpe", inSample?.metrics.sharpe)])
                        + [.init("trades", .int(Int64(inSample.map(closed) ?? 0)))]
                )
            ),
            .init("sessions", .int(Int64(result.returns.count))),
            .init("side", .string(strategy.side.rawValue)),
            .init("trades", .int(Int64(closed(result)))),
            .init("years_out_of_sample", .double(Double(result.returns.count) / year)),
        ]
        members += figures([
            ("max_drawdown", result.metrics.maxDrawdown),
            ("newey_west_t", result.metrics.neweyWestT),
            ("sharpe", result.metrics.sharpe),
            ("total_return", result.metrics.totalReturn),
            ("win_rate", result.metrics.trading?.winRate),
        ])
        return JSON.object(members).canonical
    }

    private static func backtest(_ result: BacktestResult) -> JSON {
        .object(
            [.init("through", .string(result.times.last.map { "\($0.date)" } ?? ""))]
                + figures([
                    ("max_drawdown", result.metrics.maxDrawdown), ("sharpe", result.metrics.sharpe),
                ])
        )
    }

    /// The trades that the strategy itself closed.
    private static func closed(_ result: BacktestResult) -> Int {
        result.trades.count { $0.reason != .windowEnd }
    }

    /// The figures that are defined; a rule that reads another cannot hold.
    private static func figures(_ values: [(String, Double?)]) -> [JSON.Member] {
        values.compactMap { name, value in value.map { .init(name, .number($0)) } }
    }
}
