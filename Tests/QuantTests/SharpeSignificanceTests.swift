// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant
import Testing

@Suite("Significance of the best of many trials")
struct SharpeSignificanceTests {
    @Test(
        "the published example of a deflated ratio",
        arguments: [
            (100, 0.9003968), (46, 0.9505017), (88, 0.9101530),
        ]
    )
    func example(_ trials: Int, _ expected: Double) throws {
        let deflated = SharpeSignificance.deflated(
            sharpe: 2.5 / 250.0.squareRoot(),
            trials: trials,
            trialVariance: 0.5 / 250,
            periods: 1250,
            skewness: -3,
            kurtosis: 10
        )

        let value = try #require(deflated)
        #expect(abs(value - expected) < 1e-7)
    }

    @Test(
        "two years of daily returns",
        arguments: [
            (1, 0.9925953), (40, 0.2989875), (100, 0.1612928), (1000, 0.0244146),
        ]
    )
    func daily(_ trials: Int, _ expected: Double) throws {
        let deflated = SharpeSignificance.deflated(
            sharpe: 1.8 / 252.0.squareRoot(),
            trials: trials,
            trialVariance: 1.0 / 252,
            periods: 504,
            skewness: -0.6,
            kurtosis: 7.5
        )

        let value = try #require(deflated)
        #expect(abs(value - expected) < 1e-7)
    }

    @Test(
        "the expected maximum grows with the trials",
        arguments: [
            (1, 0), (2, 0.5198), (10, 1.5746), (45, 2.2356), (100, 2.5306), (1000, 3.2551),
        ]
    )
    func maximum(_ trials: Int, _ expected: Double) {
        #expect(
            abs(SharpeSignificance.expectedMaximum(trials: trials, variance: 1) - expected) < 1e-4
        )
    }

    @Test(
        "the luck of very many trials is a number that grows with them",
        arguments: [
            (1_000_000, 4.867_860_037_837_305), (1 << 53, 8.278_360_587_528_644),
            (Int.max, 9.067_372_049_169_3),
        ]
    )
    func manyTrials(_ trials: Int, _ expected: Double) {
        let luck = SharpeSignificance.expectedMaximum(trials: trials, variance: 1)

        #expect(abs(luck / expected - 1) < 1e-12, "\(luck)")
    }

    @Test("one period and an impossible variance have no probability")
    func undefined() {
        #expect(
            SharpeSignificance.probabilistic(
                sharpe: 1,
                benchmark: 0,
                periods: 1,
                skewness: 0,
                kurtosis: 3
            ) == nil
        )
        #expect(
            SharpeSignificance.probabilistic(
                sharpe: 1,
                benchmark: 0,
                periods: 9,
                skewness: 5,
                kurtosis: 3
            ) == nil
        )
    }

    @Test("cross-validation gives the published winners and ranks")
    func crossValidation() throws {
        let returns = (0..<16).map { (row: Int) -> [Double] in
            (0..<4).map { (column: Int) -> Double in
                let mixed: Int = 37 * row + 101 * column + 13 * ((row * column) % 7)
                return Double(mixed % 41 - 20) / 1000
            }
        }

        let result = try BacktestOverfitting(returns: returns, blocks: 4)

        #expect(result.winners == [1, 2, 0, 2, 0, 0])
        #expect(result.ranks == [1, 3, 1, 2, 3, 2])
        #expect(result.probability == 4.0 / 6)
    }

    @Test(
        "cross-validation refuses what it cannot split",
        arguments: [
            (16, 4, 3), (16, 4, 18), (16, 1, 4), (3, 4, 4), (2, 4, 2),
        ]
    )
    func refusals(_ rows: Int, _ columns: Int, _ blocks: Int) {
        let returns = [[Double]](repeating: [Double](repeating: 0, count: columns), count: rows)

        #expect(throws: QuantError.self) {
            try BacktestOverfitting(returns: returns, blocks: blocks)
        }
    }
}
