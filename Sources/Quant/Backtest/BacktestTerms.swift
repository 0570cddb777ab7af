// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a backtest is run with besides strategy and bars.
struct BacktestTerms: Sendable {
    let costs: Costs
    let capital: Double
    let periodsPerYear: Double
    let riskFree: Double

    /// - Throws: A ``QuantError`` with code `badParameter` for the first that is out of range.
    func check() throws(QuantError) {
        guard capital > 0, capital.isFinite else {
            throw Self.error("the capital is \(capital) and must be above 0")
        }
        guard periodsPerYear > 0, periodsPerYear.isFinite, riskFree.isFinite else {
            throw Self.error("the periods per year must be above 0")
        }
        guard (0..<1).contains(costs.feeRate), (0..<1).contains(costs.slippageRate) else {
            throw Self.error("a rate of costs must be at least 0 and below 1")
        }
        guard costs.feePerUnit >= 0, costs.feePerUnit.isFinite else {
            throw Self.error("the fee per unit must be at least 0")
        }
    }

    private static func error(_ reason: String) -> QuantError {
        QuantError(.badParameter, operation: "run backtest", reason: reason)
    }
}
