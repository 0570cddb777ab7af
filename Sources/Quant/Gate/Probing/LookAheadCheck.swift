// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Asks again for decisions without the bars behind them, and with others in their place.
///
/// Half of the cuts stand at equal distances, the other half at bars at which a decision changed,
/// since that is where a strategy that knows the future shows it.
struct LookAheadCheck {
    /// Asks for the decisions over some bars.
    typealias Decide = ([BarSeries]) throws -> DecisionTable

    /// The bars at which decisions changed, and one of them.
    struct Finding {
        let bars: Int
        let example: String?
        /// The histories that decisions were asked for again.
        let histories: Int
    }

    let table: DecisionTable
    let cuts: Int
    let shuffles: Int

    func run(_ decide: Decide) throws -> Finding {
        let instants = instants
        var bars = 0
        var histories = 0
        var example: String?
        func look(_ instant: Instant, _ changed: [BarSeries], _ how: String) throws {
            let again = try decide(changed)
            let found = again.differences(from: table, through: instant)
            histories += 1
            bars += found.bars
            if let first = found.first, example == nil {
                example =
                    "the decision on \(first.symbol) at \(first.time) is another when the bars"
                    + " after \(instant) are \(how)"
            }
        }
        for (place, instant) in instants.enumerated() {
            let known = table.series.map { $0[0..<$0.firstIndex(after: instant)] }
            try look(instant, known, "cut off")
            // Shuffles are spread over the cuts.
            guard place * shuffles / instants.count != (place + 1) * shuffles / instants.count
            else { continue }
            let shuffled = table.series.map { Self.mixed($0, after: instant, seed: place) }
            try look(instant, shuffled, "shuffled")
        }
        return Finding(bars: bars, example: example, histories: histories)
    }

    /// The last instants that are known, sorted, each once.
    private var instants: [Instant] {
        let changes = table.changes
        let few = min(cuts / 2, changes.count)
        let even = cuts - few
        var chosen = Set((0..<few).map { changes[(2 * $0 + 1) * changes.count / (2 * few)] })
        for place in 0..<even where !table.times.isEmpty {
            chosen.insert(table.times[(2 * place + 1) * table.times.count / (2 * even)])
        }
        return chosen.sorted()
    }

    /// The series with the bars after an instant in another order, at the same times.
    private static func mixed(_ series: BarSeries, after: Instant, seed: Int) -> BarSeries {
        let start = series.firstIndex(after: after)
        var order = Array(start..<series.count)
        var random = SeededRandom(seed: UInt64(seed))
        for place in order.indices.dropFirst().reversed() {
            order.swapAt(place, Int(random.next() % UInt64(place + 1)))
        }
        func moved(_ column: BarColumn<Double>) -> BarColumn<Double> {
            BarColumn(column.prefix(start) + order.map { column[$0] })
        }
        return BarSeries(
            symbol: series.symbol,
            times: series.times,
            open: moved(series.open),
            high: moved(series.high),
            low: moved(series.low),
            close: moved(series.close),
            volume: moved(series.volume)
        )
    }
}
