// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Performance {
    /// The figures that one pass can give, without the Newey-West one; nil when the returns are so
    /// nearly equal that it takes two.
    init?(_ sums: EquitySums, _ activity: TradingActivity, _ terms: BacktestTerms) {
        guard let moments = sums.moments else { return nil }
        let isWhole = sums.count == 0 || moments.mean != nil
        self.init(
            moments: moments,
            growth: isWhole ? sums.growth : nil,
            maxDrawdown: isWhole ? sums.maxDrawdown : nil,
            periodsPerYear: terms.periodsPerYear,
            riskFree: terms.riskFree,
            trading: activity
        )
    }
}

extension TradingActivity {
    /// Takes what was summed up trade by trade.
    init(_ sums: TradeSums, exposure: Double, turnover: Double) {
        trades = sums.count
        winRate = sums.count == 0 ? nil : Double(sums.wins) / Double(sums.count)
        profitFactor = sums.lost > 0 ? finite(sums.gained / sums.lost) : nil
        self.exposure = finite(exposure)
        self.turnover = finite(turnover)
    }
}
