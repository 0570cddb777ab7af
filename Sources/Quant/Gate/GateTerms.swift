// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How a gate runs strategies and what it asks of them, apart from strategy, data and trials.
public struct GateTerms: Sendable, Hashable {
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
    /// What each test asks for.
    public var thresholds = GateThresholds()
    /// Whether tests behind the first that failed are left out.
    ///
    /// They count as failed; a study of thousands of strategies saves time by it.
    public var stopsEarly = false

    /// Creates terms with the defaults of a backtest and of the gate.
    public init() {}

    /// What a strategy is charged by these terms.
    func costs(of subject: GateSubject) -> Costs {
        costs ?? subject.costs ?? .none
    }
}
