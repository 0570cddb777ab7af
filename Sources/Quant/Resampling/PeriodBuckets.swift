// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Tells to which longer bar a shorter one belongs.
struct PeriodBuckets {
    /// One longer bar: what names it, and when it begins and ends.
    struct Bucket {
        struct Key: Hashable {
            let day: Int
            let index: Int
        }

        let key: Key
        let start: Instant
        let end: Instant
    }

    private let period: BarPeriod
    private let timing: BarTiming
    private let sessions: TradingSessions
    private let restarts: Bool

    init(
        period: BarPeriod,
        timing: BarTiming,
        sessions: TradingSessions,
        restartsAfterBreaks: Bool
    ) throws(QuantError) {
        if case .minutes(let count) = period {
            var isPossible = (1...720).contains(count)
            switch timing {
            case .daily: isPossible = false
            case .interval(let seconds): isPossible = isPossible && seconds <= count * 60
            }
            guard isPossible else {
                throw QuantError(
                    .badParameter,
                    operation: "resample bars",
                    reason: "bars of \(period) cannot be made of bars that are \(timing.text)"
                )
            }
        }
        self.period = period
        self.timing = timing
        self.sessions = sessions
        restarts = restartsAfterBreaks
    }

    /// The instant at which a shorter bar is complete; the end of its day's trading for a day.
    func end(of bar: Bar) -> Instant {
        switch timing {
        case .daily: sessions.end(of: bar.time.date)
        case .interval(let seconds): bar.time.adding(seconds: Int64(seconds))
        }
    }

    /// Refuses bars that overlap, or lie too near to the ends of time to be dated.
    func check(_ base: BarSeries) throws(QuantError) {
        var reason: String?
        if !Self.canDate(base.times) { reason = "bars are made from 1678 to 2261" }
        var previous: Instant?
        for time in base.times where reason == nil {
            if let previous {
                let isLater =
                    switch timing {
                    case .daily: time.date > previous.date
                    case .interval(let seconds): time >= previous.adding(seconds: Int64(seconds))
                    }
                if !isLater { reason = "the bar of \(time) overlaps that of \(previous)" }
            }
            previous = time
        }
        guard let reason else { return }
        throw QuantError(
            .badParameter,
            operation: "resample bars of \(base.symbol)",
            reason: "\(reason); they are said to be \(timing.text)"
        )
    }

    /// Whether times are such that all longer bars they belong to can be dated.
    static func canDate(_ times: BarColumn<Instant>) -> Bool {
        guard let first = times.first, let last = times.last else { return true }
        return first.date.parts.year >= 1678 && last.date.parts.year <= 2261
    }

    /// The longer bar to which a shorter one that begins at a time belongs; nil outside trading.
    func bucket(of time: Instant) -> Bucket? {
        if case .daily = timing { return days(time.date) }
        guard let place = sessions.place(of: time) else { return nil }
        guard case .minutes(let count) = period else { return days(place.day) }
        return restarts ? part(place, count * 60) : minutes(place, count * 60)
    }

    private func days(_ day: CalendarDate) -> Bucket {
        guard period == .week else {
            return Bucket(
                key: Bucket.Key(day: day.daysSinceEpoch, index: 0),
                start: Instant(day),
                end: sessions.end(of: day)
            )
        }
        let monday = day.adding(days: -((day.weekday + 6) % 7))
        let last = max(day, sessions.calendar.previous(before: monday.adding(days: 7)))
        return Bucket(
            key: Bucket.Key(day: monday.daysSinceEpoch, index: 0),
            start: Instant(monday),
            end: sessions.end(of: last)
        )
    }

    /// Counted from the beginning of the trading day, across breaks.
    private func minutes(_ place: TradingSessions.Place, _ seconds: Int) -> Bucket {
        let index = place.elapsed / seconds
        let first = index * seconds
        // A bar that should begin in an earlier part, of which there is nothing, begins here.
        let second = max(0, first - sessions.starts[place.part])
        return Bucket(
            key: Bucket.Key(day: place.day.daysSinceEpoch, index: index),
            start: sessions.instant(place.day, part: place.part, second: second),
            end: sessions.end(place.day, elapsed: min(first + seconds, sessions.length))
        )
    }

    /// Counted from the beginning of the part.
    private func part(_ place: TradingSessions.Place, _ seconds: Int) -> Bucket {
        let elapsed = place.elapsed - sessions.starts[place.part]
        let first = elapsed / seconds * seconds
        let last = min(first + seconds, sessions.parts[place.part].length)
        return Bucket(
            key: Bucket.Key(
                day: place.day.daysSinceEpoch,
                index: sessions.starts[place.part] + first
            ),
            start: sessions.instant(place.day, part: place.part, second: first),
            end: sessions.instant(place.day, part: place.part, second: last)
        )
    }
}

extension BarTiming {
    /// What the bars are, for a sentence.
    var text: String {
        switch self {
        case .daily: "daily"
        case .interval(let seconds): "\(seconds) seconds long"
        }
    }
}
