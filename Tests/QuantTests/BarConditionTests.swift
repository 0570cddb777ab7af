// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Conditions over bars")
struct BarConditionTests {
    private func bars(_ closes: [Double]) throws -> [Bar] {
        let symbol = try Symbol(validating: "ACME")
        return closes.enumerated().map { place, close in
            Bar(
                symbol: symbol,
                time: Instant(secondsSinceEpoch: Int64(place) * 86_400),
                open: close,
                high: close + 1,
                low: close - 1,
                close: close,
                volume: 100
            )
        }
    }

    @Test(
        "a condition is reckoned at the last bar",
        arguments: [
            ("close < 10", [12, 11, 9], true), ("close < 10", [9, 9, 10], false),
            ("close < sma(close, 3)", [12, 12, 9], true),
            // Without enough bars it has no value, and does not hold.
            ("close < sma(close, 4)", [12, 12, 9], false), ("close > 0", [], false),
        ] as [(String, [Double], Bool)]
    )
    func holds(text: String, closes: [Double], expected: Bool) throws {
        let condition = try BarCondition(text)

        #expect(try condition.holds(after: try bars(closes)) == expected)
    }

    @Test(
        "a text that is no condition over bars is refused",
        arguments: ["", "1", "close", "close <", "close < other", "close < f(1)"]
    )
    func refused(text: String) {
        #expect(throws: QuantError.self) { try BarCondition(text) }
    }

    private func strategy(_ invalidation: JSON, feature: JSON = "sma(close, days)") throws
        -> Strategy
    {
        try Strategy([
            "schema": 1, "name": "s", "family": "f", "universe": ["ACME"], "side": "long",
            "parameters": ["days": 20, "least": .number(-0.5)], "frames": ["weekly": "1w"],
            "features": ["average": feature, "gap": "close - average"], "enter": "gap > 0",
            "exit": "gap < 0", "size": .number(0.1), "invalidation": invalidation,
        ])
    }

    @Test("an invalidation is written out over the bars alone")
    func inlined() throws {
        let strategy = try strategy("gap < least || close < average")

        let text = strategy.inlinedInvalidation(bytes: 2_000)

        #expect(
            text == "(close - (sma(close, 20.0))) < (-0.5) || close < (sma(close, 20.0))"
                || text == "(close - (sma(close, 20))) < (-0.5) || close < (sma(close, 20))"
        )
        _ = try BarCondition(try #require(text))
    }

    @Test("one that is absent, too long or over longer bars has no such form")
    func without() throws {
        let absent = try strategy(.null)
        let framed = try strategy(
            "gap < least",
            feature: ["frame": "weekly", "value": "sma(close, days)"]
        )

        #expect(absent.inlinedInvalidation(bytes: 2_000) == nil)
        #expect(framed.inlinedInvalidation(bytes: 2_000) == nil)
        #expect(try strategy("gap < least").inlinedInvalidation(bytes: 20) == nil)
    }
}
