// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import Quant
import Testing

@Suite("Streaming indicators")
struct IndicatorStreamTests {
    private func same(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy {
                $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN
            }
    }

    private func stream<Indicator: StreamingIndicator & ~Copyable>(
        _ indicator: consuming Indicator,
        _ values: [Double]
    ) -> [Double] where Indicator.Input == Double, Indicator.Output == Double {
        var result: [Double] = []
        for value in values { result.append(indicator.next(value)) }
        return result
    }

    private static let gappy: [Double] = {
        var values = Samples.closes
        values[17] = .nan
        values[18] = .nan
        values[40] = .infinity
        return values
    }()

    @Test("a value at a time gives the column, bit for bit")
    func columns() {
        for values in [Samples.closes, Self.gappy] {
            #expect(
                same(stream(SimpleAverage(window: 5), values), Indicators.sma(values, window: 5))
            )
            #expect(
                same(
                    stream(ExponentialAverage(window: 5), values),
                    Indicators.ema(values, window: 5)
                )
            )
            #expect(
                same(stream(WeightedAverage(window: 5), values), Indicators.wma(values, window: 5))
            )
            #expect(
                same(stream(RelativeStrength(window: 5), values), Indicators.rsi(values, window: 5))
            )
            #expect(
                same(stream(RollingRank(window: 5), values), Indicators.rank(values, window: 5))
            )
            #expect(
                same(
                    stream(RollingExtreme<Greatest>(window: 5), values),
                    Indicators.highest(values, window: 5)
                )
            )
            #expect(same(stream(Lag(bars: 5), values), Indicators.lag(values, by: 5)))
        }
    }

    @Test("the kernels over memory give the columns")
    func kernels() {
        let values = Self.gappy
        let output = UnsafeMutableBufferPointer<Double>.allocate(capacity: values.count)
        defer { output.deallocate() }

        values.withUnsafeBufferPointer { Indicators.sma($0, window: 7, into: output) }
        #expect(same(Array(output), Indicators.sma(values, window: 7)))
        values.withUnsafeBufferPointer { Indicators.ema($0, window: 7, into: output) }
        #expect(same(Array(output), Indicators.ema(values, window: 7)))
    }

    @Test("the panel is its indicators, bit for bit", arguments: IndicatorDialect.allCases)
    func panel(_ dialect: IndicatorDialect) throws {
        let series = try ReferenceBars.series("random")
        var (high, low, close) = (series.high.array, series.low.array, series.close.array)
        for index in [3, 60, 61, 200] { high[index] = .nan }
        low[300] = -.infinity
        let present = close.indices.filter { high[$0].isFinite && low[$0].isFinite }
        for index in close.indices where !present.contains(index) { close[index] = .nan }

        let panel = MarketPanel.columns(high: high, low: low, close: close, dialect: dialect)

        let macd = Indicators.macd(close, dialect: dialect)
        #expect(same(panel.average20.array, Indicators.ema(close, window: 20)))
        #expect(same(panel.average50.array, Indicators.ema(close, window: 50)))
        #expect(same(panel.macd.line.array, macd.line))
        #expect(same(panel.macd.signal.array, macd.signal))
        #expect(same(panel.macd.histogram.array, macd.histogram))
        #expect(same(panel.strength7.array, Indicators.rsi(close, window: 7, dialect: dialect)))
        #expect(same(panel.strength14.array, Indicators.rsi(close, window: 14, dialect: dialect)))
        for (window, column) in [(3, panel.range3.array), (14, panel.range14.array)] {
            let range = Indicators.atr(
                high: high,
                low: low,
                close: close,
                window: window,
                dialect: dialect
            )
            #expect(same(column, range))
        }
        var stream = MarketPanel(dialect: dialect)
        for index in close.indices {
            let bar = BarInput(high: high[index], low: low[index], close: close[index])
            let output = stream.next(bar)
            #expect(output.average50.bitPattern == panel.average50[index].bitPattern)
            #expect(output.range14.bitPattern == panel.range14[index].bitPattern)
        }
    }

    @Test("a panel of no bars and of one has no values but those of a range so far")
    func shortPanel() {
        #expect(MarketPanel.columns(high: [], low: [], close: []).average20.isEmpty)
        #expect(MarketPanel.columns(high: [2], low: [1], close: [1]).range3.array.isMissing)
    }

    @Test("extremes by blocks are those of each window", arguments: [1, 2, 3, 7, 59, 60, 61])
    func extremes(window: Int) {
        let values = Samples.closes
        let expected = values.indices.map { index in
            index + 1 < window ? nil : values[(index + 1 - window)...index].max()
        }

        let highest = Indicators.highest(values, window: window)
        let lowest = Indicators.lowest(values.map { -$0 }, window: window)

        for (index, value) in expected.enumerated() {
            #expect(value == (highest[index].isNaN ? nil : highest[index]))
            #expect(value == (lowest[index].isNaN ? nil : -lowest[index]))
        }
    }

    @Test("values at no level lose their digits to it")
    func level() {
        let small = Samples.closes.map { $0 - 100 }
        let high = small.map { $0 + 1e9 }

        let deviation = Indicators.standardDeviation(small, window: 10)
        let lifted = Indicators.standardDeviation(high, window: 10)

        for index in 9..<60 { #expect(Samples.near(lifted[index], deviation[index], 1e-6)) }
    }

    @Test("an outlier leaves nothing behind when it leaves the window")
    func outlier() {
        var values = Samples.closes
        values[20] = 1e12

        let clean = Indicators.variance(Samples.closes, window: 5)
        let soiled = Indicators.variance(values, window: 5)

        for index in 25..<60 { #expect(Samples.near(soiled[index], clean[index], 1e-9)) }
    }

    @Test("an empty day of trading has no volume-weighted price")
    func nothingTraded() {
        var price = VolumeWeightedPrice()

        #expect(price.next(BarInput(high: 3, low: 1, close: 2, volume: 0)).isNaN)
        #expect(price.next(BarInput(high: 3, low: 1, close: 2, volume: 5)) == 2)
        #expect(price.next(BarInput(high: 9, low: .nan, close: 9, volume: 5)).isNaN)
        #expect(price.next(BarInput(high: 5, low: 5, close: 5, volume: 5)) == 3.5)
        price.reset()
        #expect(price.next(BarInput(high: 7, low: 7, close: 7, volume: 1)) == 7)
    }
}
