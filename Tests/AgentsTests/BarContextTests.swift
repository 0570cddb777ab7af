// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@testable import Agents

@Suite("Bar context")
struct BarContextTests {
    @Test("there is none before the warm-up, and one from then on")
    func warmUp() throws {
        let series = try Sample.series(through: "2024-03-08", closes: Sample.calm(60))

        #expect(BarContext(series, at: BarContext.warmUp - 1) == nil)
        #expect(BarContext(series, at: BarContext.warmUp) != nil)
    }

    @Test("its values are those of the formulas")
    func values() throws {
        let closes = Sample.calm(59) + [120]
        let series = try Sample.series(through: "2024-03-08", closes: closes)

        let context = try #require(BarContext(series, at: 59))
        let values = Dictionary(uniqueKeysWithValues: context.values.map { ($0.name, $0.value) })

        let mean = closes.suffix(50).reduce(0, +) / 50
        let volume = series.volume.suffix(20).reduce(0, +) / 20
        #expect(context.values.map(\.name) == ["gap", "range", "trend", "volatility", "volume"])
        #expect(abs((values["gap"] ?? 0) - (120 / closes[58] - 1)) < 1e-12)
        #expect(abs((values["trend"] ?? 0) - (120 / mean - 1)) < 1e-12)
        #expect(abs((values["volume"] ?? 0) - series.volume[59] / volume) < 1e-12)
        #expect((values["range"] ?? 0) > 0 && (values["volatility"] ?? 0) > 0)
    }

    @Test("a value above all of the year before ranks 1 and one below all ranks 0")
    func ranks() throws {
        let high = try Sample.series(through: "2024-03-08", closes: Sample.calm(79) + [120])
        let low = try Sample.series(through: "2024-03-08", closes: Sample.calm(79) + [80])

        let above = try #require(BarContext(high, at: 79))
        let below = try #require(BarContext(low, at: 79))

        #expect(above.rankJSON["gap"]?.doubleValue == 1)
        #expect(above.rankJSON["trend"]?.doubleValue == 1)
        #expect(below.rankJSON["gap"]?.doubleValue == 0)
        #expect(below.rankJSON["trend"]?.doubleValue == 0)
    }

    @Test("later bars change nothing, and neither do bars before the window")
    func window() throws {
        let long = try Sample.series(through: "2024-03-08", closes: Sample.calm(400))
        let cut = long[0..<351]
        let tail = long[49..<351]

        let whole = try #require(BarContext(long, at: 350))

        #expect(BarContext(cut, at: 350)?.json == whole.json)
        #expect(BarContext(tail, at: 301)?.json == whole.json)
        #expect(BarContext(tail, at: 301)?.ranks == whole.ranks)
    }

    @Test("a market without any range has no context")
    func degenerate() throws {
        let symbol = try Sample.symbol("AAA")
        let dates = Sample.weekdays(60, through: try Sample.date("2024-03-08"))
        let series = BarSeries(
            symbol: symbol,
            bars: dates.map {
                Bar(
                    symbol: symbol,
                    time: Instant($0),
                    open: 5,
                    high: 5,
                    low: 5,
                    close: 5,
                    volume: 0
                )
            }
        )

        #expect(BarContext(series, at: 59) == nil)
    }
}
