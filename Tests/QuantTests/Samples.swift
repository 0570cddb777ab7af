// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// Data and shorthands that several suites share.
enum Samples {
    /// The sixty closes of the published vectors: a linear congruential walk.
    static let closes: [Double] = {
        var state = 12_345
        var price = 10_000
        return (0..<60).map { _ in
            state = (1_103_515_245 * state + 12_345) % (1 << 31)
            price += (state >> 16) % 41 - 20
            return Double(price) / 100
        }
    }()

    static func symbol(_ text: String) throws -> Symbol { try #require(Symbol(text)) }

    static func instant(_ text: String) throws -> Instant { try #require(Instant(text)) }

    /// Daily bars on consecutive days from 2024-01-01, given as open, high, low, close.
    static func series(
        _ rows: [(Double, Double, Double, Double)],
        symbol: String = "AAA",
        from: String = "2024-01-01"
    ) throws -> BarSeries {
        let symbol = try Samples.symbol(symbol)
        var date = try #require(CalendarDate(from))
        var series = BarSeries(symbol: symbol)
        for (open, high, low, close) in rows {
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(date),
                    open: open,
                    high: high,
                    low: low,
                    close: close,
                    volume: 1000
                )
            )
            date = date.adding(days: 1)
        }
        return series
    }

    static func strategy(
        enter: String,
        exit: String = "false",
        universe: [String] = ["AAA"],
        side: String = "long",
        size: Double = 0.5,
        extra: [JSON.Member] = []
    ) throws(QuantError) -> Strategy {
        try Strategy(
            .object(
                [
                    JSON.Member("schema", 1), JSON.Member("name", "sample"),
                    JSON.Member("family", "test"),
                    JSON.Member("universe", .array(universe.map { .string($0) })),
                    JSON.Member("side", .string(side)), JSON.Member("enter", .string(enter)),
                    JSON.Member("exit", .string(exit)), JSON.Member("size", .double(size)),
                ] + extra
            )
        )
    }

    static func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        guard let left else { return false }
        return abs(left - right) <= tolerance * max(1e-300, abs(right))
    }
}

extension Sequence<Double> {
    /// Whether every value is missing.
    var isMissing: Bool { allSatisfy { $0.isNaN } }
}
