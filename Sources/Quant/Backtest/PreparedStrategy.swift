// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A strategy with its decisions over a history, ready to run over many windows of it.
public struct PreparedStrategy: Sendable {
    /// One symbol's bars and decisions.
    struct Leg: Sendable {
        let series: BarSeries
        let open: [Double]
        let high: [Double]
        let low: [Double]
        let close: [Double]
        let decisions: Decisions

        init(_ series: BarSeries, _ decisions: Decisions) {
            self.series = series
            self.decisions = decisions
            open = series.open.array
            high = series.high.array
            low = series.low.array
            close = series.close.array
        }

        /// Whether a row is that of an instant.
        func hasBar(_ row: Int, _ time: Instant) -> Bool {
            row < series.count && series.times[row] == time
        }
    }

    /// The strategy.
    public let strategy: Strategy
    /// The instants at which any symbol of the universe has a bar.
    public let times: [Instant]
    let legs: [Leg]

    /// Computes the decisions once.
    /// - Throws: A ``QuantError``: `noData` when a symbol of the universe has no series,
    ///   `badParameter` when it has two, `badExpression` when an expression has no value.
    public init(
        _ strategy: Strategy,
        history: [BarSeries],
        dialect: IndicatorDialect = .talib
    ) throws(QuantError) {
        self.strategy = strategy
        var legs: [Leg] = []
        for symbol in strategy.universe {
            let found = history.filter { $0.symbol == symbol }
            guard let series = found.first else {
                throw Self.error(.noData, "the history has no series of \(symbol)")
            }
            guard found.count == 1 else {
                throw Self.error(.badParameter, "the history has \(found.count) of \(symbol)")
            }
            let columns = BarColumns(series, dialect: dialect)
            legs.append(Leg(series, try strategy.compiled.decisions(columns)))
        }
        times = Self.union(legs.map(\.series.times.array))
        self.legs = legs
    }

    /// Whether the strategy wants to enter and to leave at each bar of a symbol, as decided at the
    /// bar's close; nil for a symbol outside the universe.
    public func decisions(of symbol: Symbol) -> (enter: [Bool], exit: [Bool])? {
        legs.first { $0.series.symbol == symbol }.map {
            ($0.decisions.enter, $0.decisions.exit)
        }
    }

    /// Runs the strategy over a window, both ends included; costs that are not given are those of
    /// the strategy.
    /// - Throws: A ``QuantError``: `noData` when the window has no bars, `badParameter` for a
    ///   capital or a number of periods that is not above 0, or costs out of range.
    public func run(
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs? = nil,
        capital: Double = 100_000,
        periodsPerYear: Double = 252,
        riskFree: Double = 0
    ) throws(QuantError) -> BacktestResult {
        guard capital > 0, capital.isFinite else {
            throw Self.error(.badParameter, "the capital is \(capital) and must be above 0")
        }
        guard periodsPerYear > 0, periodsPerYear.isFinite, riskFree.isFinite else {
            throw Self.error(.badParameter, "the periods per year must be above 0")
        }
        let costs = costs ?? strategy.costs ?? .none
        guard (0..<1).contains(costs.feeRate), (0..<1).contains(costs.slippageRate) else {
            throw Self.error(.badParameter, "a rate of costs must be at least 0 and below 1")
        }
        guard costs.feePerUnit >= 0, costs.feePerUnit.isFinite else {
            throw Self.error(.badParameter, "the fee per unit must be at least 0")
        }
        let first = window.map { window in times.lowerBound { $0 < window.from } } ?? 0
        let end = window.map { window in times.lowerBound { $0 <= window.through } } ?? times.count
        guard first < end else {
            throw Self.error(.noData, "there are no bars in the window")
        }
        var simulation = Simulation(self, costs: costs, capital: capital)
        simulation.run(first..<end)
        return simulation.result(
            times: Array(times[first..<end]),
            periodsPerYear: periodsPerYear,
            riskFree: riskFree
        )
    }

    private static func union(_ lists: [[Instant]]) -> [Instant] {
        guard lists.count > 1 else { return lists.first ?? [] }
        var result: [Instant] = []
        for time in lists.joined().sorted() where result.last != time { result.append(time) }
        return result
    }

    private static func error(_ code: QuantError.Code, _ reason: String) -> QuantError {
        QuantError(code, operation: "run backtest", reason: reason)
    }
}
