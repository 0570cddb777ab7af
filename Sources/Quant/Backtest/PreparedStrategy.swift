// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Expressions

/// A strategy with its decisions over a history, ready to run over many windows of it.
public struct PreparedStrategy: Sendable {
    /// One symbol's bars and decisions.
    struct Leg: Sendable {
        let series: BarSeries
        let signals: Signals
        let hasOnlyPositiveCloses: Bool
    }

    /// The strategy.
    public let strategy: Strategy
    /// The instants at which any symbol of the universe has a bar.
    public let times: [Instant]
    let legs: [Leg]

    /// Computes what the decisions are made of once.
    /// - Throws: A ``QuantError``: `noData` when a symbol of the universe has no series,
    ///   `badParameter` when it has two, `badRow` for a price that is not finite, `badExpression`
    ///   when an expression has no value.
    public init(
        _ strategy: Strategy,
        history: [BarSeries],
        dialect: IndicatorDialect = .talib
    ) throws(QuantError) {
        self.strategy = strategy
        var legs: [Leg] = []
        for symbol in strategy.universe {
            let series = try Self.series(of: symbol, in: history)
            let least = try series.requireFinitePrices()
            let framed = try FramedSeries(series, frames: strategy.frames)
            var workspace = StrategyWorkspace(framed, dialect: dialect, usesStreams: true)
            workspace.bind(strategy.parameters)
            workspace.announce(strategy.compiled)
            workspace.computeAnnounced()
            let signals = try strategy.compiled.signals(&workspace, strategy.parameters)
            legs.append(Leg(series: series, signals: signals, hasOnlyPositiveCloses: least > 0))
        }
        times = Self.union(legs.map(\.series.times.array))
        self.legs = legs
    }

    /// Whether the strategy wants to enter and to leave at each bar of a symbol, as decided at the
    /// bar's close; nil for a symbol outside the universe.
    public func decisions(of symbol: Symbol) -> (enter: [Bool], exit: [Bool])? {
        legs.first { $0.series.symbol == symbol }.map { leg in
            let rows = leg.signals.rows(count: leg.series.count)
            return (rows[0], rows[1])
        }
    }

    /// How far from the close of a symbol's last bar an entry that is decided there would rest, and
    /// how far stop and target would lie from its price; nil for each that is a share or not there,
    /// and without bars.
    public func lastDistances(
        of symbol: Symbol
    ) -> (limit: Double?, stop: Double?, target: Double?) {
        let signals = legs.first { $0.series.symbol == symbol }?.signals
        return (signals?.limit?.last, signals?.stop?.last, signals?.target?.last)
    }

    /// Runs the strategy over a window, both ends included.
    ///
    /// Costs that are not given are those of the strategy. The Newey-West figure takes longer than
    /// all else and can be left out.
    /// - Throws: A ``QuantError``: `noData` when the window has no bars, `badParameter` for a
    ///   capital or a number of periods that is not above 0, or costs out of range.
    public func run(
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs? = nil,
        capital: Double = 100_000,
        periodsPerYear: Double = 252,
        riskFree: Double = 0,
        includesNeweyWest: Bool = true
    ) throws(QuantError) -> BacktestResult {
        let terms = BacktestTerms(
            costs: costs ?? strategy.costs ?? .none,
            capital: capital,
            periodsPerYear: periodsPerYear,
            riskFree: riskFree
        )
        try terms.check()
        try terms.check(strategy)
        for leg in legs { try terms.check(leg.series) }
        let rows = try rows(of: window)
        return outcome(rows, terms).result(
            times: rows == times.indices ? times : Array(times[rows]),
            periodsPerYear: periodsPerYear,
            riskFree: riskFree,
            includesNeweyWest: includesNeweyWest
        )
    }

    /// The same from bar to bar, however many symbols there are; a seam for tests.
    package func runBarByBar(
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs = .none,
        capital: Double = 100_000
    ) throws(QuantError) -> BacktestResult {
        let rows = try rows(of: window)
        var simulation = simulation(costs: costs, capital: capital)
        simulation.run(rows)
        return simulation.outcome.result(
            times: Array(times[rows]),
            periodsPerYear: 252,
            riskFree: 0,
            includesNeweyWest: true
        )
    }

    private func outcome(_ rows: Range<Int>, _ terms: BacktestTerms) -> Outcome {
        if legs.count == 1, legs[0].series.days == nil,
            terms.costs.contracts[legs[0].series.symbol] == nil,
            terms.costs.execution == .immediate, !strategy.restsAtLimits
        {
            return Outcome(legs[0], strategy, rows, terms)
        }
        var simulation = simulation(costs: terms.costs, capital: terms.capital)
        simulation.run(rows)
        return simulation.outcome
    }

    private func simulation(costs: Costs, capital: Double) -> Simulation {
        Simulation(
            legs.map { DecidedLeg($0.series, $0.signals) },
            times: times,
            side: strategy.side,
            rules: strategy.rules,
            costs: costs,
            capital: capital
        )
    }

    private func rows(
        of window: (from: Instant, through: Instant)?
    ) throws(QuantError) -> Range<Int> {
        let first = window.map { window in times.lowerBound { $0 < window.from } } ?? 0
        let end = window.map { window in times.lowerBound { $0 <= window.through } } ?? times.count
        guard first < end else {
            let reason =
                times.isEmpty ? "the history has no bars" : "there are no bars in the window"
            throw Self.error(.noData, reason)
        }
        return first..<end
    }

    static func series(
        of symbol: Symbol,
        in history: [BarSeries]
    ) throws(QuantError) -> BarSeries {
        let found = history.filter { $0.symbol == symbol }
        guard let series = found.first else {
            throw Self.error(.noData, "the history has no series of \(symbol)")
        }
        guard found.count == 1 else {
            throw Self.error(.badParameter, "the history has \(found.count) of \(symbol)")
        }
        return series
    }

    static func union(_ lists: [[Instant]]) -> [Instant] {
        guard lists.count > 1 else { return lists.first ?? [] }
        var result: [Instant] = []
        for time in lists.joined().sorted() where result.last != time { result.append(time) }
        return result
    }

    private static func error(_ code: QuantError.Code, _ reason: String) -> QuantError {
        QuantError(code, operation: "run backtest", reason: reason)
    }
}
