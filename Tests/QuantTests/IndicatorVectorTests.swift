// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant
import Testing

@Suite("Indicators against published values")
struct IndicatorVectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let first: Int
        let firstValue: Double
        let last: Double
        let column: @Sendable () -> [Double]
        var testDescription: String { name }
    }

    private static let closes = Samples.closes
    private static let high = closes.map { $0 + 0.05 }
    private static let low = closes.map { $0 - 0.05 }

    static let vectors: [Vector] = [
        Vector(name: "EMA20", first: 19, firstValue: 99.795, last: 100.30832989507128) {
            Indicators.ema(closes, window: 20)
        },
        Vector(
            name: "MACD line",
            first: 33,
            firstValue: -0.11242661212490646,
            last: 0.16702796650979224
        ) { Indicators.macd(closes).line },
        Vector(
            name: "MACD signal",
            first: 33,
            firstValue: -0.15046106038323298,
            last: 0.1380048611413824
        ) { Indicators.macd(closes).signal },
        Vector(
            name: "MACD histogram",
            first: 33,
            firstValue: 0.038034448258326525,
            last: 0.029023105368409824
        ) { Indicators.macd(closes).histogram },
        Vector(
            name: "FMZ MACD signal",
            first: 33,
            firstValue: -0.07257639069377654,
            last: 0.13957240923764708
        ) { Indicators.macd(closes, dialect: .fmz).signal },
        Vector(
            name: "FMZ MACD histogram",
            first: 33,
            firstValue: -0.003408944744967987,
            last: 0.02792900957993233
        ) { Indicators.macd(closes, dialect: .fmz).histogram },
        Vector(name: "RSI7", first: 7, firstValue: 64.28571428571526, last: 69.69165187436394) {
            Indicators.rsi(closes, window: 7)
        },
        Vector(name: "RSI14", first: 14, firstValue: 26.66666666666635, last: 65.35300129831404) {
            Indicators.rsi(closes, window: 14)
        },
        Vector(name: "ATR3", first: 3, firstValue: 0.10666666666665965, last: 0.14844892445970262) {
            Indicators.atr(high: high, low: low, close: closes, window: 3)
        },
        Vector(
            name: "ATR14",
            first: 14,
            firstValue: 0.16285714285713887,
            last: 0.1524890824826502
        ) { Indicators.atr(high: high, low: low, close: closes, window: 14) },
    ]

    @Test("the sample series is the published one")
    func sample() {
        #expect(Array(Samples.closes.prefix(5)) == [100.05, 100.10, 100.08, 100.01, 100.16])
        #expect(Samples.closes[59] == 100.63)
    }

    @Test("first and last values equal TA-Lib's", arguments: vectors)
    func values(_ vector: Vector) {
        let column = vector.column()

        // Differences of averages carry the rounding of the averages, about 1e-14 of 100.
        let tolerance = 1e-12 * (vector.name.contains("MACD") ? 100 : 1)
        #expect(column[..<vector.first].isMissing)
        #expect(Samples.near(column[vector.first], vector.firstValue, tolerance))
        #expect(Samples.near(column[59], vector.last, tolerance))
    }

    @Test("FMZ's line of MACD is seeded on its own first bars")
    func ownSeed() {
        let line = Indicators.macd(Samples.closes, dialect: .fmz).line

        #expect(line[..<25].isMissing && !line[25].isNaN)
        #expect(Samples.near(line[33], -0.07598533543874453, 1e-11))
        #expect(Samples.near(line[59], 0.1675014188175794, 1e-11))
    }

    @Test("a pure rise has strength 100 in one dialect and 0 in the other")
    func pureRise() {
        let rise = (0..<20).map(Double.init)

        #expect(Indicators.rsi(rise, window: 14)[19] == 100)
        #expect(Indicators.rsi(rise, window: 14, dialect: .fmz)[19] == 0)
        #expect(Indicators.rsi(rise.reversed(), window: 14)[19] == 0)
        #expect(Indicators.rsi([Double](repeating: 5, count: 20), window: 14)[19] == 0)
    }

    @Test("FMZ's average true range starts at the first bar with a running mean")
    func earlyRange() {
        let ranges = Indicators.atr(
            high: [2, 4, 5],
            low: [1, 2, 4],
            close: [2, 3, 5],
            window: 2,
            dialect: .fmz
        )

        #expect(ranges == [1, 1.5, 1.75])
    }
}
