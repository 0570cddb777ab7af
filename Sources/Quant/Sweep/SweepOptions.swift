// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a sweep is run with besides strategy, bars and grid.
public struct SweepOptions: Sendable {
    /// The times between which it trades, both included; nil for all.
    public var window: (from: Instant, through: Instant)?
    /// What trading costs; nil for the costs of the strategy.
    public var costs: Costs?
    /// The starting equity.
    public var capital: Double
    /// The periods in a year.
    public var periodsPerYear: Double
    /// The annual riskless rate.
    public var riskFree: Double
    /// Whose conventions the indicators follow.
    public var dialect: IndicatorDialect
    /// The most memory that shared columns may take before they are dropped, in bytes.
    ///
    /// The columns of one combination are always kept, however large they are.
    public var columnLimitBytes: Int

    /// Creates options with the defaults of a backtest, and 256 MiB for columns.
    public init(
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs? = nil,
        capital: Double = 100_000,
        periodsPerYear: Double = 252,
        riskFree: Double = 0,
        dialect: IndicatorDialect = .talib,
        columnLimitBytes: Int = 256 << 20
    ) {
        self.window = window
        self.costs = costs
        self.capital = capital
        self.periodsPerYear = periodsPerYear
        self.riskFree = riskFree
        self.dialect = dialect
        self.columnLimitBytes = columnLimitBytes
    }
}
