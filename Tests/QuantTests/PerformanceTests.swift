// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant
import Testing

@Suite("Performance")
struct PerformanceTests {
    static func returns(_ count: Int) -> [Double] {
        (0..<count).map { index in
            let shift = (index / 7) % 2 == 0 ? 60 : -60
            let units: Int = (7919 * index + 13) % 201 - 90 + shift
            return Double(units) / 20_000
        }
    }

    @Test("a year of returns gives the published figures")
    func year() {
        let figures = Performance(returns: Self.returns(252))

        #expect(Samples.near(figures.mean, 0.000475595238, 1e-9))
        #expect(Samples.near(figures.standardDeviation, 0.00407500759, 1e-8))
        #expect(figures.neweyWestLags == 4)
        #expect(Samples.near(figures.neweyWestT, 1.49251980802, 1e-11))
        #expect(Samples.near(figures.naiveT, 1.85271811, 1e-8))
        #expect(Samples.near(figures.sharpe, 1.85271811, 1e-8))
        #expect(Samples.near(figures.maxDrawdown, 0.02216279, 1e-6))
    }

    @Test("two years of returns give the published figures")
    func twoYears() {
        let figures = Performance(returns: Self.returns(504))

        #expect(Samples.near(figures.mean, 0.0005, 1e-12))
        #expect(Samples.near(figures.standardDeviation, 0.00414857038, 1e-8))
        #expect(figures.neweyWestLags == 5)
        #expect(Samples.near(figures.neweyWestT, 2.14172216660, 1e-11))
        #expect(Samples.near(figures.naiveT, 2.70574466, 1e-8))
        #expect(Samples.near(figures.sharpe, 1.91325044, 1e-7))
        #expect(Samples.near(figures.maxDrawdown, 0.02817982, 1e-6))
    }

    @Test(
        "the number of lags follows the rule exactly",
        arguments: [
            (0, 0), (1, 1), (60, 3), (99, 3), (100, 4), (250, 4), (252, 4), (504, 5), (756, 6),
            (1000, 6), (1250, 7), (2520, 8),
        ]
    )
    func lags(_ periods: Int, _ expected: Int) {
        #expect(Performance.neweyWestLags(periods: periods) == expected)
    }

    @Test("a riskless rate is deducted per period")
    func riskless() {
        let plain = Performance(returns: Self.returns(252))
        let net = Performance(returns: Self.returns(252).map { $0 - 0.03 / 252 })

        let figures = Performance(returns: Self.returns(252), riskFree: 0.03)

        #expect(Samples.near(figures.sharpe, net.sharpe ?? 0, 1e-9))
        #expect(figures.sharpe != plain.sharpe)
    }

    @Test(
        "what is undefined is nil",
        arguments: [[], [0.01], [0.1, 0.1, 0.1], [0, 0, 0, 0], [0.1, .nan], [0.1, .infinity]]
    )
    func undefined(_ returns: [Double]) {
        let figures = Performance(returns: returns)

        #expect(figures.sharpe == nil && figures.neweyWestT == nil && figures.naiveT == nil)
        #expect(figures.figures.allSatisfy { $0.value.isFinite })
    }

    @Test("growth, drawdown and trading figures by hand")
    func byHand() {
        let activity = TradingActivity(gains: [30, -10, 10, 0], exposure: 0.5, turnover: .nan)

        let figures = Performance(returns: [-0.1, 0.5], periodsPerYear: 2, trading: activity)

        #expect(Samples.near(figures.maxDrawdown, 0.1))
        #expect(Samples.near(figures.totalReturn, 0.35))
        #expect(Samples.near(figures.annualReturn, 0.35))
        #expect(activity.winRate == 0.5 && activity.profitFactor == 4)
        #expect(activity.turnover == nil)
        #expect(figures.figures.map(\.name) == figures.figures.map(\.name).sorted())
    }

    @Test("losses without gains and gains without losses")
    func oneSided() {
        #expect(TradingActivity(gains: [1], exposure: nil, turnover: nil).profitFactor == nil)
        #expect(TradingActivity(gains: [-1], exposure: nil, turnover: nil).profitFactor == 0)
        #expect(TradingActivity(gains: [], exposure: nil, turnover: nil).winRate == nil)
    }
}
