// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension ResampledBars {
    /// Makes bars of a period from bars of which nobody says how long they are or when they are
    /// traded; days and weeks are those of UTC.
    ///
    /// What is not said is learnt from the bars up to each one, so that no later bar matters. They
    /// are as long as the least time between two of them, once it was seen twice, and a week ends
    /// with Friday once two weekends were passed and none had a bar. Until then a longer bar is
    /// complete at the first shorter one behind it. Bars that turn up in a longer one that was
    /// complete are left out.
    /// - Throws: A ``QuantError`` with code `badParameter` for times that are too far away.
    init(_ base: BarSeries, to period: BarPeriod) throws(QuantError) {
        let buckets = try PeriodBuckets(
            period: period,
            timing: .interval(seconds: 0),
            sessions: .always,
            restartsAfterBreaks: false
        )
        guard PeriodBuckets.canDate(base.times) else {
            throw QuantError(
                .badParameter,
                operation: "resample bars of \(base.symbol)",
                reason: "bars are made from 1678 to 2261"
            )
        }
        var series = BarSeries(symbol: base.symbol)
        var habits = BarHabits()
        var current: (bucket: PeriodBuckets.Bucket, bar: Bar)?
        var done: PeriodBuckets.Bucket.Key?
        var lastComplete: [Int] = []
        var outside: [Int] = []
        lastComplete.reserveCapacity(base.count)
        for index in 0..<base.count {
            let bar = base[index]
            habits.take(bar.time)
            if let bucket = buckets.bucket(of: bar.time), bucket.key != done {
                if let open = current, open.bucket.key == bucket.key {
                    current?.bar = open.bar.joined(with: bar)
                } else {
                    if let open = current { series.append(open.bar) }
                    current = (bucket, bar.dated(bucket.start))
                }
            } else {
                outside.append(index)
            }
            if let open = current, habits.reach(of: bar.time, in: period) >= open.bucket.end {
                series.append(open.bar)
                done = open.bucket.key
                current = nil
            }
            lastComplete.append(series.count - 1)
        }
        self.init(
            series: series,
            forming: current?.bar,
            lastComplete: lastComplete,
            outside: outside
        )
    }
}
