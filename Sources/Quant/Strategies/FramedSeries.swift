// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// The bars of one symbol with the longer bars that a strategy's frames make of them.
struct FramedSeries: Sendable {
    let series: BarSeries
    /// The longer bars by the name of the frame, sorted.
    let frames: [(name: String, bars: ResampledBars)]

    /// Makes the longer bars.
    /// - Throws: A ``QuantError`` with code `badStrategy` that names the frame that is shorter than
    ///   the bars.
    init(_ series: BarSeries, frames: [String: BarPeriod]) throws(QuantError) {
        self.series = series
        var made: [(name: String, bars: ResampledBars)] = []
        try Self.requireLonger(frames, series)
        for (name, period) in frames.sorted(by: { $0.key < $1.key }) {
            made.append((name, try ResampledBars(series, to: period)))
        }
        self.frames = made
    }

    /// The same bars in every frame, for looking at expressions alone.
    init(probe series: BarSeries, frames: some Sequence<String>) {
        self.series = series
        self.frames = frames.sorted().map { name in
            (name, ResampledBars(series: series, lastComplete: Array(0..<series.count)))
        }
    }

    /// Refuses frames that are shorter than the bars.
    static func requireLonger(
        _ frames: [String: BarPeriod],
        _ series: BarSeries
    ) throws(QuantError) {
        guard !frames.isEmpty else { return }
        let times = series.times
        let least = zip(times, times.dropFirst()).lazy.map {
            $1.nanosecondsSinceEpoch - $0.nanosecondsSinceEpoch
        }.min()
        guard let least else { return }
        for (name, period) in frames.sorted(by: { $0.key < $1.key })
        where least / 1_000_000_000 > period.seconds {
            throw QuantError(
                .badStrategy,
                operation: "run backtest",
                reason: "strategy.frames.\(name): bars of \(period) cannot be made of those of "
                    + "\(series.symbol), which are at least \(text(least / 1_000_000_000)) apart; "
                    + "use a period that is not shorter"
            )
        }
    }

    private static func text(_ seconds: Int64) -> String {
        let units: [(name: String, length: Int64)] = [("days", 86_400), ("hours", 3600)]
        for unit in units where seconds % unit.length == 0 && seconds > unit.length {
            return "\(seconds / unit.length) \(unit.name)"
        }
        return seconds % 60 == 0 ? "\(seconds / 60) minutes" : "\(seconds) seconds"
    }
}

extension ResampledBars {
    /// A column over the longer bars as one over the shorter ones: what is complete at each.
    func spread(_ column: Column) -> Column {
        switch column {
        case .numbers(let rows): .numbers(lastComplete.map { $0 < 0 ? .nan : rows[$0] })
        case .booleans(let rows): .booleans(lastComplete.map { $0 < 0 ? .missing : rows[$0] })
        }
    }
}
