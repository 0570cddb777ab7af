// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant

/// The indicators of a model's view of the market, together and one by one.
struct IndicatorFigures {
    static func measure(_ bench: Bench, _ bars: BarSeries) {
        let (high, low, close) = (bars.high.array, bars.low.array, bars.close.array)
        func one(_ name: String, _ body: () -> [Double]) {
            bench.measure("indicator \(name)", unit: "bar", count: close.count) {
                [("last", body().last ?? 0)]
            }
        }
        one("ema 20") { Indicators.ema(close, window: 20) }
        one("ema 50") { Indicators.ema(close, window: 50) }
        one("macd") { Indicators.macd(close).histogram }
        one("rsi 7") { Indicators.rsi(close, window: 7) }
        one("rsi 14") { Indicators.rsi(close, window: 14) }
        one("atr 3") { Indicators.atr(high: high, low: low, close: close, window: 3) }
        one("atr 14") { Indicators.atr(high: high, low: low, close: close, window: 14) }
        bench.measure("indicators, into fresh columns", unit: "bar", count: close.count, target: 7)
        {
            let columns = MarketPanel.columns(of: bars)
            let last = [
                columns.average20, columns.average50, columns.macd.histogram, columns.strength7,
                columns.strength14, columns.range3, columns.range14,
            ]
            return [("sum", last.reduce(0) { $0 + ($1.last ?? 0) })]
        }
        measureInPlace(bench, bars)
    }

    /// The same into memory that is there already, as the plain loop in floor.c has it.
    private static func measureInPlace(_ bench: Bench, _ bars: BarSeries) {
        let count = bars.count
        let room = UnsafeMutableBufferPointer<Double>.allocate(
            capacity: count * MarketPanel.columnCount
        )
        defer { room.deallocate() }
        bench.measure("indicators, all seven", unit: "bar", count: count, target: 7) {
            bars.high.withUnsafeBufferPointer { high in
                bars.low.withUnsafeBufferPointer { low in
                    bars.close.withUnsafeBufferPointer { close in
                        MarketPanel.run(high: high, low: low, close: close, into: room)
                    }
                }
            }
            let columns = [0, 1, 4, 5, 6, 7, 8]
            return [("sum", columns.reduce(0) { $0 + room[($1 + 1) * count - 1] })]
        }
    }
}
