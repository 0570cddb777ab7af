// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Backtests the combinations of a grid.
struct SweepEngine: Sendable {
    let strategy: Strategy
    let history: [BarSeries]
    let grid: ParameterGrid
    let window: (from: Instant, through: Instant)?
    let costs: Costs
    let capital: Double
    let periodsPerYear: Double
    let riskFree: Double
    let dialect: IndicatorDialect
    let parallel: Parallel

    /// The combinations of a range, in their order.
    func lines(_ range: Range<Int>) throws(QuantError) -> [SweepLine] {
        let results = parallel.map(range.count) { offset in
            Result { () throws(QuantError) -> SweepLine in
                try line(range.lowerBound + offset)
            }
        }
        var lines: [SweepLine] = []
        lines.reserveCapacity(range.count)
        for result in results { lines.append(try result.get()) }
        return lines
    }

    private func line(_ index: Int) throws(QuantError) -> SweepLine {
        do throws(QuantError) {
            let bound = try strategy.binding(grid.parameters(index))
            let prepared = try PreparedStrategy(bound, history: history, dialect: dialect)
            let result = try prepared.run(
                window: window,
                costs: costs,
                capital: capital,
                periodsPerYear: periodsPerYear,
                riskFree: riskFree
            )
            return SweepLine(index: index, values: grid[index], strategy: bound, result: result)
        } catch {
            guard error.code != .noData else { throw error }
            let values = zip(grid.names, grid[index]).map { "\($0)=\($1)" }
            throw QuantError(
                error.code,
                operation: error.operation,
                reason: "\(error.reason) (with \(values.joined(separator: ", ")))"
            )
        }
    }
}
