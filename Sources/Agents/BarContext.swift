// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// What the market looked like at an entry, in numbers that rules can name.
struct BarContext {
    /// The values by name, in a fixed order.
    let values: [(name: String, value: Double)]
    /// For each value, the share of the last year's bars that lay below it, from 0 to 1.
    let ranks: [Double]

    /// The bars over which a value is ranked.
    static let rankWindow = 250
    /// The bars that are needed before there is a context.
    static let warmUp = 51

    /// Looks at the bar at an index; nil while there is too little history.
    init?(_ series: BarSeries, at index: Int) {
        guard index >= Self.warmUp else { return nil }
        let slice = series[max(0, index - Self.rankWindow - Self.warmUp)..<(index + 1)]
        let close = slice.close.array
        let range = Indicators.atr(
            high: slice.high.array,
            low: slice.low.array,
            close: close,
            window: 14
        )
        let mean = Indicators.sma(close, window: 50)
        let usual = Indicators.sma(slice.volume.array, window: 20)
        let last = close.count - 1
        let columns: [(String, (Int) -> Double)] = [
            ("gap", { slice.open[$0] / close[$0 - 1] - 1 }),
            ("range", { (slice.high[$0] - slice.low[$0]) / range[$0] }),
            ("trend", { close[$0] / mean[$0] - 1 }),
            ("volatility", { range[$0] / close[$0] }),
            ("volume", { slice.volume[$0] / usual[$0] }),
        ]
        var values: [(String, Double)] = []
        var ranks: [Double] = []
        for (name, value) in columns {
            let now = value(last)
            guard now.isFinite else { return nil }
            let past = (Self.warmUp..<last).map(value)
            values.append((name, now))
            ranks.append(Double(past.count { $0 < now }) / Double(max(1, past.count)))
        }
        self.values = values
        self.ranks = ranks
    }

    /// The context as the member of an intent.
    var json: JSON {
        .object(values.map { .init($0.name, .number($0.value)) })
    }

    /// The ranks by name.
    var rankJSON: JSON {
        .object(zip(values, ranks).map { .init($0.name, .number($1)) })
    }
}
