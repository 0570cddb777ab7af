// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant
import Testing

@Suite("Indicators")
struct IndicatorTests {
    private let nan = Double.nan

    private func same(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }

    @Test("a simple average starts anew behind a missing value")
    func averageAfterGap() {
        let average = Indicators.sma([1, 2, 3, nan, 5, 7], window: 2)

        #expect(same(average, [nan, 1.5, 2.5, nan, nan, 6]))
    }

    @Test("an exponential average goes on behind a missing value")
    func exponentialAfterGap() {
        let average = Indicators.ema([1, 3, nan, 5], window: 2)

        let last: Double = (5.0 - 2.0) * (2.0 / 3.0) + 2.0
        #expect(average[1] == 2)
        #expect(average[2].isNaN)
        #expect(average[3] == last)
    }

    @Test("extremes forget what has left the window")
    func extremes() {
        let values: [Double] = [5, 1, 2, 3, 0, 4]

        #expect(same(Indicators.highest(values, window: 3), [nan, nan, 5, 3, 3, 4]))
        #expect(same(Indicators.lowest(values, window: 3), [nan, nan, 1, 1, 0, 0]))
    }

    @Test("the deviation is that of a population")
    func deviation() {
        let values: [Double] = [2, 4, 4, 4, 5, 5, 7, 9]

        #expect(Indicators.standardDeviation(values, window: 8)[7] == 2)
        #expect(Indicators.zScore(values, window: 8)[7] == 2)
        #expect(Indicators.mean(values, window: 8)[7] == 5)
    }

    @Test("equal values have no z-score, whatever rounding does to their mean")
    func flatScore() {
        let flat = [Double](repeating: 0.1, count: 7)

        #expect(Indicators.zScore(flat, window: 3).isMissing)
        #expect(Indicators.standardDeviation(flat, window: 3)[6] == 0)
    }

    @Test("lag and rate of change look back so many bars")
    func lookingBack() {
        #expect(same(Indicators.lag([1, 2, 3], by: 1), [nan, 1, 2]))
        #expect(same(Indicators.lag([1, 2], by: 5), [nan, nan]))
        #expect(same(Indicators.rateOfChange([2, 3, 0, 1], over: 1), [nan, 50, -100, nan]))
    }

    @Test("a regression finds the plane that made the series")
    func regression() {
        var close = [10.0]
        let volume = (0..<40).map { Double(($0 * 7919 + 13) % 101) * 10_000 }
        for index in 0..<39 { close.append(2 + 0.7 * close[index] + 1e-6 * volume[index]) }

        let result = Indicators.regression(close: close, volume: volume, window: 10)

        for index in 10..<40 {
            let next = 2 + 0.7 * close[index] + 1e-6 * volume[index]
            #expect(Samples.near(result.forecast[index], next, 1e-9))
            #expect(Samples.near(result.determination[index], 1, 1e-9))
        }
        #expect(result.forecast[9].isNaN)
    }

    @Test("a regression on a constant column has no value")
    func singular() {
        let result = Indicators.regression(
            close: Samples.closes,
            volume: [Double](repeating: 5, count: 60),
            window: 10
        )

        #expect(result.forecast.isMissing && result.determination.isMissing)
    }

    @Test("a series shorter than the window has no value")
    func tooShort() {
        #expect(Indicators.ema([1, 2], window: 3).isMissing)
        #expect(Indicators.rsi([], window: 3).isEmpty)
        #expect(Indicators.macd([1, 2, 3]).line.isMissing)
    }
}
