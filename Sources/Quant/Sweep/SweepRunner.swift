// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Expressions

/// Backtests a strategy with every combination of a grid.
///
/// Equal parts of the strategy's expressions are computed once for all combinations. A block of
/// bars is taken by many combinations before the next one, so that the columns stay in the nearest
/// caches. Memory does not grow with the number of combinations: beside the bars it is
/// ``SweepOptions/columnLimitBytes`` and about one kilobyte for each of a thousand combinations.
/// Rows do not depend on the number of threads, nor on where a run of them begins.
public struct SweepRunner: Sendable {
    /// The most combinations that are under way at once.
    static let chunkSize = 1024
    /// The most combinations that one thread takes from block to block.
    static let groupSize = 256

    /// The combinations.
    public let grid: Grid
    let strategy: Strategy
    let history: [BarSeries]
    let options: SweepOptions
    let terms: BacktestTerms
    let parallel: Parallel
    private let hasher: BindingHasher

    /// Checks everything that does not depend on a single combination.
    /// - Throws: A ``QuantError``: `badParameter` for a parameter of the grid that the strategy
    ///   does not have, and what a backtest throws.
    public init(
        _ strategy: Strategy,
        history: [BarSeries],
        grid: Grid,
        options: SweepOptions = SweepOptions(),
        parallel: Parallel = .allCores
    ) throws(QuantError) {
        self.strategy = strategy
        self.grid = grid
        self.options = options
        self.parallel = parallel
        let names = Dictionary(grid.axes.map { ($0.name, 0.0) }) { first, _ in first }
        try strategy.requireParameters(names, operation: "read grid")
        terms = BacktestTerms(
            costs: options.costs ?? strategy.costs ?? .none,
            capital: options.capital,
            periodsPerYear: options.periodsPerYear,
            riskFree: options.riskFree
        )
        try terms.check()
        try terms.check(strategy)
        var series: [BarSeries] = []
        for symbol in strategy.universe {
            let found = try PreparedStrategy.series(of: symbol, in: history)
            _ = try found.requireFinitePrices()
            try FramedSeries.requireLonger(strategy.frames, found)
            series.append(found)
        }
        self.history = series
        hasher = BindingHasher(strategy)
    }

    /// Runs combinations in order and hands over each row as soon as those before it are there.
    ///
    /// Without a range all combinations are run; with one, a sweep goes on where another stopped.
    /// - Throws: A ``QuantError`` that names the combination which cannot be run, after the rows
    ///   before it were handed over, and whatever the body throws.
    public func run(
        _ range: Range<Int>? = nil,
        _ body: (SweepRow) throws -> Void
    ) throws {
        let range = range ?? 0..<grid.count
        guard range.lowerBound >= 0, range.upperBound <= grid.count else {
            throw QuantError(
                .badParameter,
                operation: "run sweep",
                reason: "the combinations \(range) are not among the \(grid.count) of the grid"
            )
        }
        guard strategy.universe.count == 1, let series = history.first, series.days == nil,
            terms.costs.contracts[series.symbol] == nil,
            terms.costs.execution == .immediate, !strategy.restsAtLimits
        else {
            try runPortfolios(range, body)
            return
        }
        let tiles = try SweepTiles(self, series)
        var compiler = try SweepCompiler(self, series)
        var next = range.lowerBound
        while next < range.upperBound {
            let (chunk, fault) = compiler.chunk(from: next, to: range.upperBound)
            for row in rows(tiles, chunk) { try body(row) }
            next += chunk.count
            if let fault { throw fault }
        }
    }

    /// The rows of a chunk, spread over the cores.
    private func rows(_ tiles: SweepTiles, _ chunk: [SweepTiles.Combination]) -> [SweepRow] {
        let places = SweepOrder.places(chunk.map(\.signals.program))
        // As many groups for each thread, all of one size.
        let least = (chunk.count + Self.groupSize - 1) / Self.groupSize
        let count = (least + parallel.width - 1) / parallel.width * parallel.width
        let size = max(1, (chunk.count + count - 1) / max(1, count))
        let groups = stride(from: 0, to: chunk.count, by: size).map {
            places[$0..<min($0 + size, chunk.count)]
        }
        return parallel.map(groups.count) { index in
            tiles.rows(groups[index].map { chunk[$0] }, hasher)
        }.flatMap(\.self).sorted { $0.index < $1.index }
    }

    /// Several symbols share one equity, and contracts and locked markets have rules of their own,
    /// so each combination is a backtest of its own.
    private func runPortfolios(
        _ range: Range<Int>,
        _ body: (SweepRow) throws -> Void
    ) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.groupSize) {
            let end = min(range.upperBound, start + Self.groupSize)
            let results = parallel.map(end - start) { offset in
                Result<SweepRow, QuantError> { () throws(QuantError) in
                    try portfolio(start + offset)
                }
            }
            for result in results { try body(try result.get()) }
        }
    }

    private func portfolio(_ index: Int) throws(QuantError) -> SweepRow {
        do throws(QuantError) {
            let result = try backtest(index)
            return SweepRow(
                index: index,
                values: grid.values(at: index),
                hash: hasher.hash(strategy.parameters.merging(grid.parameters(at: index)) { $1 }),
                metrics: result.metrics,
                finalEquity: result.equity.last ?? terms.capital
            )
        } catch {
            throw Self.error(error, index, grid)
        }
    }

    /// A combination as a backtest of its own.
    func backtest(_ index: Int) throws(QuantError) -> BacktestResult {
        let bound = try strategy.binding(grid.parameters(at: index))
        return try PreparedStrategy(bound, history: history, dialect: options.dialect).run(
            window: options.window,
            costs: terms.costs,
            capital: terms.capital,
            periodsPerYear: terms.periodsPerYear,
            riskFree: terms.riskFree,
            includesNeweyWest: false
        )
    }

    static func error(_ error: QuantError, _ index: Int, _ grid: Grid) -> QuantError {
        let values = zip(grid.axes, grid.values(at: index)).map {
            "\($0.name)=\(BarCSV.text(of: $1))"
        }
        return QuantError(
            error.code,
            operation: "run sweep",
            reason: "combination \(index + 1) (\(values.joined(separator: ", "))): \(error.reason)"
        )
    }
}
