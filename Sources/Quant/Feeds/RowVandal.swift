// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Adds bad rows to good ones, so that an ingestor has something to refuse.
struct RowVandal {
    private let rate: Double
    private var random: SeededRandom
    private var inspector: BarInspector

    init(seed: UInt64, rate: Double, timing: BarTiming) {
        self.rate = rate
        random = SeededRandom(seed: seed &+ 0x5EED)
        inspector = BarInspector(rules: BarRules(timing: timing, gapDays: nil))
    }

    /// The good row, and behind it sometimes a bad one of the same bar.
    mutating func rows(for bar: Bar, at now: Instant) -> [FeedRow] {
        let good = FeedRow(bar: bar, faults: inspector.inspect(bar, now: now))
        guard rate > 0, random.nextUnit() < rate else { return [good] }
        let bad = spoiled(bar)
        return [good, FeedRow(bar: bad, faults: inspector.inspect(bad, now: now))]
    }

    private mutating func spoiled(_ bar: Bar) -> Bar {
        var (time, high, close, volume) = (bar.time, bar.high, bar.close, bar.volume)
        switch random.next() % 6 {
        case 0: close = .nan
        case 1: volume = -volume
        case 2: high = bar.low / 2
        case 3: close = bar.high * 2
        case 4: time = time.adding(seconds: 30 * 86_400)
        default: break
        }
        return Bar(
            symbol: bar.symbol,
            time: time,
            open: bar.open,
            high: high,
            low: bar.low,
            close: close,
            volume: volume,
            day: bar.day
        )
    }
}
