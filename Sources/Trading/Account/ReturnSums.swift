// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The mean and the deviation of returns, taken in one by one.
///
/// The same returns in the same order give the same bits, so a fold over a ledger agrees with what
/// was kept while it was written.
struct ReturnSums: Sendable, Hashable {
    private(set) var count = 0
    private var mean = 0.0
    private var squares = 0.0
    private var last: Double

    /// Begins at an equity.
    init(from equity: Money) {
        last = equity.value.doubleValue
    }

    /// Takes in the next equity; from one that is not above zero no return can be reckoned.
    mutating func take(_ equity: Money) {
        let value = equity.value.doubleValue
        defer { last = value }
        guard last > 0 else { return }
        let change = value / last - 1
        count += 1
        let distance = change - mean
        mean += distance / Double(count)
        squares += distance * (change - mean)
    }

    /// The annual Sharpe ratio; nil for fewer than two returns, and where all are equal.
    ///
    /// (mean - riskFree / periods) / sd(n - 1) · √periods.
    func sharpe(periodsPerYear: Double, riskFree: Double) -> Double? {
        guard count > 1, squares > 0 else { return nil }
        let deviation = (squares / Double(count - 1)).squareRoot()
        return (mean - riskFree / periodsPerYear) / deviation * periodsPerYear.squareRoot()
    }
}
