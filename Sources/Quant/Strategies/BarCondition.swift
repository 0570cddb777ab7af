// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One condition over the closed bars of one instrument, in the language of strategies.
public struct BarCondition: Sendable, Hashable {
    private static let symbol = "X"

    private let strategy: Strategy

    /// Reads and checks a condition such as `close < sma(close, 20)`.
    /// - Throws: A ``QuantError`` with code `badExpression`.
    public init(_ text: String) throws(QuantError) {
        strategy = try Strategy([
            "schema": 1, "name": "condition", "family": "condition",
            "universe": [.string(Self.symbol)], "side": "long", "enter": "false",
            "exit": .string(text), "size": 1,
        ])
    }

    /// Whether it holds at the last of some bars, oldest first, of whatever instrument; it does
    /// not where it has no value yet.
    /// - Throws: A ``QuantError``: `badRow` for a price that is not finite, or `badExpression`.
    public func holds(after bars: [Bar]) throws(QuantError) -> Bool {
        guard !bars.isEmpty else { return false }
        let symbol = try Symbol(validating: Self.symbol)
        let own = bars.map { bar in
            Bar(
                symbol: symbol,
                time: bar.time,
                open: bar.open,
                high: bar.high,
                low: bar.low,
                close: bar.close,
                volume: bar.volume
            )
        }
        let series = BarSeries(symbol: symbol, bars: own)
        let prepared = try PreparedStrategy(strategy, history: [series])
        return prepared.decisions(of: symbol)?.exit.last ?? false
    }
}
