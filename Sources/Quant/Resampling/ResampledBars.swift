// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Bars made of shorter bars, and which of them are known at the close of each shorter one.
public struct ResampledBars: Sendable, Hashable {
    /// The complete bars, dated at their start; days and weeks at midnight UTC of their first day.
    public let series: BarSeries
    /// The last bar while its period has not ended; it is not in the series.
    public let forming: Bar?
    /// For each shorter bar, the index of the last bar that is complete at its close, or -1.
    public let lastComplete: [Int]
    /// The indexes of the shorter bars that lie outside the sessions and are in no bar.
    public let outside: [Int]

    /// Makes bars of a period from shorter ones.
    ///
    /// Minutes are counted in trading time from the beginning of the trading day, so a bar may
    /// span a break but never two trading days; with `restartsAfterBreaks` a bar ends where a
    /// part of the session does. A bar is complete at the close of the shorter bar that reaches
    /// the end of its period, or at that of the first one behind it, so nothing is known early.
    /// - Throws: A ``QuantError`` with code `badParameter` for a period that the bars are too long
    ///   for, and for bars that lie closer together than they are said to be long.
    public init(
        _ base: BarSeries,
        to period: BarPeriod,
        timing: BarTiming,
        sessions: TradingSessions = .always,
        restartsAfterBreaks: Bool = false
    ) throws(QuantError) {
        let buckets = try PeriodBuckets(
            period: period,
            timing: timing,
            sessions: sessions,
            restartsAfterBreaks: restartsAfterBreaks
        )
        try buckets.check(base)
        var series = BarSeries(symbol: base.symbol)
        var current: (bucket: PeriodBuckets.Bucket, bar: Bar)?
        var lastComplete: [Int] = []
        var outside: [Int] = []
        lastComplete.reserveCapacity(base.count)
        for index in 0..<base.count {
            let bar = base[index]
            if let bucket = buckets.bucket(of: bar.time) {
                if let open = current, open.bucket.key == bucket.key {
                    current?.bar = open.bar.joined(with: bar)
                } else {
                    if let open = current { series.append(open.bar) }
                    current = (bucket, bar.dated(bucket.start))
                }
            } else {
                outside.append(index)
            }
            if let open = current, buckets.end(of: bar) >= open.bucket.end {
                series.append(open.bar)
                current = nil
            }
            lastComplete.append(series.count - 1)
        }
        self.series = series
        forming = current?.bar
        self.lastComplete = lastComplete
        self.outside = outside
    }

    /// Puts together what was made elsewhere.
    init(series: BarSeries, forming: Bar? = nil, lastComplete: [Int], outside: [Int] = []) {
        self.series = series
        self.forming = forming
        self.lastComplete = lastComplete
        self.outside = outside
    }
}

extension Bar {
    /// The bar that spans this one and a later one.
    func joined(with later: Bar) -> Bar {
        Bar(
            symbol: symbol,
            time: time,
            open: open,
            high: max(high, later.high),
            low: min(low, later.low),
            close: later.close,
            volume: volume + later.volume
        )
    }

    /// The bar with another time.
    func dated(_ time: Instant) -> Bar {
        Bar(
            symbol: symbol,
            time: time,
            open: open,
            high: high,
            low: low,
            close: close,
            volume: volume
        )
    }
}
