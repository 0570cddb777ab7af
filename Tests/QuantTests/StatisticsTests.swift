// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Statistics of returns")
struct StatisticsTests {
    @Test("ratios by hand")
    func ratios() {
        let figures = Performance(returns: [0.1, -0.2, 0.3, 0], periodsPerYear: 4)

        #expect(Samples.near(figures.sortino, 0.05 * 2 / 0.1))
        #expect(Samples.near(figures.maxDrawdown, 0.2))
        #expect(Samples.near(figures.annualReturn, 1.1 * 0.8 * 1.3 - 1))
        #expect(Samples.near(figures.calmar, (1.1 * 0.8 * 1.3 - 1) / 0.2))
        #expect(Samples.near(figures.sharpePerPeriod, (figures.sharpe ?? 0) / 2))
    }

    @Test("shape by hand: divisor n and raw kurtosis")
    func shape() {
        let moments = Moments([1, 2, 3, 10])

        #expect(moments.mean == 4)
        #expect(Samples.near(moments.deviation, (50.0 / 3).squareRoot()))
        #expect(Samples.near(moments.skewness, 45 / (12.5 * 12.5.squareRoot())))
        #expect(Samples.near(moments.kurtosis, 348.5 / 156.25))
        #expect(moments.downside == 0)
    }

    @Test("the equity that drawdown is taken from includes its start")
    func start() {
        #expect(Samples.near(Performance(returns: [-0.25, 0.1]).maxDrawdown, 0.25))
    }

    @Test("losses that use equity up leave a total loss and no growth beyond it")
    func ruin() {
        let lost = Performance(returns: [0.1, -1, 0.2])
        let below = Performance(returns: [0.1, -1.5, 0.2])

        #expect(lost.totalReturn == -1 && lost.annualReturn == -1 && lost.maxDrawdown == 1)
        #expect(below.annualReturn == nil)
    }

    @Test("without a loss there is no Sortino ratio, without a drawdown no Calmar ratio")
    func gainsOnly() {
        let figures = Performance(returns: [0.1, 0.2, 0.1])

        #expect(figures.sortino == nil && figures.calmar == nil)
        #expect(figures.maxDrawdown == 0 && figures.sharpe != nil)
    }

    @Test("a ratio against many trials is less significant than against one")
    func deflation() throws {
        let figures = Performance(returns: PerformanceTests.returns(252))

        let one = try #require(figures.dsr(trials: 1, trialVariance: 0.5))
        let many = try #require(figures.dsr(trials: 100, trialVariance: 0.004))
        #expect(one == figures.psr)
        #expect(many < one)
    }

    @Test("the costly figure can be left out and changes no other")
    func cheap() {
        let returns = PerformanceTests.returns(504)

        let whole = Performance(returns: returns)
        let cheap = Performance(returns: returns, includesNeweyWest: false)

        #expect(whole.neweyWestT != nil && cheap.neweyWestT == nil)
        for (left, right) in zip(whole.returnFigures, cheap.returnFigures)
        where left.name != "newey_west_t" {
            #expect(left.value == right.value, "\(left.name)")
        }
    }

    @Test("lags summed side by side give what one after the other gives, bit for bit")
    func lagsTogether() throws {
        var random = SeededRandom(seed: 5)
        for count in [2, 3, 9, 100, 251, 4000, 60_000] {
            let returns = (0..<count).map { _ in random.nextNormal() / 100 }
            let mean = returns.reduce(0, +) / Double(count)
            let lags = Performance.neweyWestLags(periods: count)

            let figure = Performance(returns: returns).neweyWestT

            func covariance(_ lag: Int) -> Double {
                var sum = 0.0
                for index in lag..<max(lag, count) {
                    sum += (returns[index] - mean) * (returns[index - lag] - mean)
                }
                return sum / Double(count)
            }
            var variance = covariance(0)
            for lag in 1..<(lags + 1) {
                variance += 2 * (1 - Double(lag) / Double(lags + 1)) * covariance(lag)
            }
            #expect(figure == mean / (variance / Double(count)).squareRoot())
        }
    }

    @Test("the same seed gives the same intervals on any number of threads, another one others")
    func seeds() throws {
        let returns = PerformanceTests.returns(252)

        let one = try BlockBootstrap(returns: returns, resamples: 99, seed: 1)
        let two = try BlockBootstrap(
            returns: returns,
            resamples: 99,
            seed: 1,
            parallel: Parallel(width: 4)
        )
        let other = try BlockBootstrap(returns: returns, resamples: 99, seed: 2)

        #expect(one == two)
        #expect(one.mean != other.mean)
        #expect(one.blockLength == 7)
    }

    @Test("the interval of a Sharpe ratio is missing when returns are constant")
    func constant() throws {
        let result = try BlockBootstrap(returns: [0.1, 0.1, 0.1], resamples: 9, seed: 1)

        #expect(result.sharpe == nil)
        #expect(abs(result.mean.lower - 0.1) < 1e-15)
    }

    @Test(
        "what cannot be resampled is refused",
        arguments: [
            ([0.1], 9, 1, 0.9), ([], 9, 1, 0.9), ([0.1, 0.2], 0, 1, 0.9),
            ([0.1, 0.2], 1_000_001, 1, 0.9), ([0.1, 0.2], 9, 3, 0.9), ([0.1, 0.2], 9, 0, 0.9),
            ([0.1, 0.2], 9, 1, 1), ([0.1, .nan], 9, 1, 0.9),
        ] as [([Double], Int, Int, Double)]
    )
    func refusals(_ returns: [Double], _ resamples: Int, _ length: Int, _ confidence: Double) {
        #expect(throws: QuantError.self) {
            try BlockBootstrap(
                returns: returns,
                resamples: resamples,
                seed: 1,
                blockLength: length,
                confidence: confidence
            )
        }
    }
}
