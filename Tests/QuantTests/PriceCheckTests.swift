// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// Prices are looked at once; what was found out must not outlive them.
@Suite("Checked prices")
struct PriceCheckTests {
    private static func bar(_ day: Int, close: Double) throws -> Bar {
        Bar(
            symbol: try Samples.symbol("AAA"),
            time: Instant(CalendarDate(daysSinceEpoch: day)),
            open: 10,
            high: 11,
            low: 9,
            close: close,
            volume: 1
        )
    }

    private static func series() throws -> BarSeries {
        BarSeries(
            symbol: try Samples.symbol("AAA"),
            bars: try (0..<5).map { try bar($0, close: 10) }
        )
    }

    private static func strategy() throws -> Strategy {
        let text = """
            {"schema": 1, "name": "s", "family": "f", "universe": ["AAA"], "side": "long",
             "parameters": {}, "enter": "true", "exit": "false", "size": 0.5}
            """
        return try Strategy(try JSON(parsing: text))
    }

    @Test("a bar that is added to checked ones is checked too")
    func added() throws {
        var series = try Self.series()
        let strategy = try Self.strategy()
        _ = try PreparedStrategy(strategy, history: [series])

        series.append(try Self.bar(5, close: .nan))

        #expect(throws: QuantError.self) {
            _ = try PreparedStrategy(strategy, history: [series])
        }
    }

    @Test("a bar that is added to a copy is checked, whichever was looked at first")
    func copied() throws {
        let series = try Self.series()
        var copy = series
        copy.append(try Self.bar(5, close: .infinity))
        let strategy = try Self.strategy()

        _ = try PreparedStrategy(strategy, history: [series])

        #expect(throws: QuantError.self) { _ = try PreparedStrategy(strategy, history: [copy]) }
    }

    @Test("equal bars are equal whether they were looked at or not")
    func equality() throws {
        let (looked, other) = (try Self.series(), try Self.series())
        _ = try PreparedStrategy(try Self.strategy(), history: [looked])

        #expect(looked == other)
        #expect(looked.hashValue == other.hashValue)
    }
}
