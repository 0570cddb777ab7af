// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension WalkForward {
    /// How the backtests of a walk-forward run are made.
    public struct Settings: Sendable {
        /// What trading costs; nil for what the strategy says.
        public var costs: Costs?
        /// The equity to begin with.
        public var capital = 100_000.0
        /// The periods in a year.
        public var periodsPerYear = 252.0
        /// The riskless rate per year.
        public var riskFree = 0.0
        /// The conventions of indicators.
        public var dialect = IndicatorDialect.talib
        /// How the combinations are spread over the cores.
        public var parallel = Parallel.none

        /// Creates settings with the defaults of a backtest.
        public init() {}
    }

    /// Chooses and trades, stretch after stretch.
    ///
    /// Only instants of the window are traded; the bars before it may be chosen on. Indicators see
    /// all bars before each instant, those of earlier stretches included.
    /// - Throws: A ``QuantError``: `noData` when no instant of the window has enough bars before
    ///   it, `badParameter` without combinations, and what backtests throw.
    public func run(
        _ strategy: Strategy,
        combinations: [[String: Double]],
        history: [BarSeries],
        window: (from: Instant, through: Instant)? = nil,
        settings: Settings = Settings()
    ) throws(QuantError) -> (result: BacktestResult, steps: [WalkForwardStep]) {
        guard !combinations.isEmpty else {
            throw Self.error(.badParameter, "the grid has no combination")
        }
        let times = try PreparedStrategy(strategy, history: history).times
        let stretches = try stretches(of: times, window)
        let scores = try scores(strategy, combinations, history, times, stretches, settings)
        var assembly = WalkForwardAssembly(capital: settings.capital)
        var prepared: [Int: PreparedStrategy] = [:]
        for (index, stretch) in stretches.enumerated() where assembly.equity > 0 {
            let best = Self.best(scores.map { $0[index] })
            let bound: PreparedStrategy
            if let known = prepared[best] {
                bound = known
            } else {
                bound = try PreparedStrategy(
                    try strategy.binding(combinations[best]),
                    history: history,
                    dialect: settings.dialect
                )
                prepared[best] = bound
            }
            let result = try bound.run(
                window: (times[stretch.lowerBound], times[stretch.upperBound - 1]),
                costs: settings.costs,
                capital: assembly.equity,
                periodsPerYear: settings.periodsPerYear,
                riskFree: settings.riskFree
            )
            let step = WalkForwardStep(
                trainFrom: times[stretch.lowerBound - train],
                trainThrough: times[stretch.lowerBound - 1],
                testFrom: times[stretch.lowerBound],
                testThrough: times[stretch.upperBound - 1],
                parameters: combinations[best],
                score: scores[best][index]
            )
            assembly.append(result, step, periodsPerYear: settings.periodsPerYear)
        }
        return (assembly.result(settings), assembly.steps)
    }

    /// The index ranges that are traded.
    private func stretches(
        of times: [Instant],
        _ window: (from: Instant, through: Instant)?
    ) throws(QuantError) -> [Range<Int>] {
        let from = window.map { window in times.lowerBound { $0 < window.from } } ?? 0
        let end = window.map { window in times.lowerBound { $0 <= window.through } } ?? times.count
        var ranges: [Range<Int>] = []
        var start = max(from, train)
        while start < end {
            ranges.append(start..<min(start + test, end))
            start += test
        }
        guard !ranges.isEmpty else {
            throw Self.error(
                .noData,
                "there are \(times.count) bars; \(train) are needed before the first that is traded"
            )
        }
        return ranges
    }

    /// The figure of each combination on the bars before each stretch.
    private func scores(
        _ strategy: Strategy,
        _ combinations: [[String: Double]],
        _ history: [BarSeries],
        _ times: [Instant],
        _ stretches: [Range<Int>],
        _ settings: Settings
    ) throws(QuantError) -> [[Double?]] {
        let lists = settings.parallel.map(combinations.count) { index in
            Result { () throws(QuantError) -> [Double?] in
                let prepared = try PreparedStrategy(
                    try strategy.binding(combinations[index]),
                    history: history,
                    dialect: settings.dialect
                )
                var figures: [Double?] = []
                for stretch in stretches {
                    let result = try prepared.run(
                        window: (times[stretch.lowerBound - train], times[stretch.lowerBound - 1]),
                        costs: settings.costs,
                        capital: settings.capital,
                        periodsPerYear: settings.periodsPerYear,
                        riskFree: settings.riskFree,
                        includesNeweyWest: by == "newey_west_t"
                    )
                    figures.append(figure(of: result))
                }
                return figures
            }
        }
        var scores: [[Double?]] = []
        for list in lists { scores.append(try list.get()) }
        return scores
    }

    private func figure(of result: BacktestResult) -> Double? {
        result.metrics.returnFigures.first { $0.name == by }?.value
    }

    /// The first of the greatest; the very first when there is none.
    private static func best(_ scores: [Double?]) -> Int {
        var best = 0
        for (index, score) in scores.enumerated() {
            guard let score, score > scores[best] ?? -.infinity else { continue }
            best = index
        }
        return best
    }

    private static func error(_ code: QuantError.Code, _ reason: String) -> QuantError {
        QuantError(code, operation: "walk forward", reason: reason)
    }
}
