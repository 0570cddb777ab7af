// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What the times of bars, taken one by one, tell about their length and the market's weekends.
struct BarHabits {
    private static let day: Int64 = 86_400 * 1_000_000_000

    private var last: Instant?
    private var least = Int64.max
    private var timesSeen = 0
    private var freeWeekends = 0
    private var tradesOnWeekends = false

    /// Takes the time of the next bar.
    mutating func take(_ time: Instant) {
        let weekday = time.date.weekday
        tradesOnWeekends = tradesOnWeekends || weekday == 0 || weekday == 6
        if let last {
            let step = time.nanosecondsSinceEpoch - last.nanosecondsSinceEpoch
            if step < least { (least, timesSeen) = (step, 0) }
            if step == least { timesSeen += 1 }
            if monday(time) - monday(last) == 7 { freeWeekends += 1 }
        }
        last = time
    }

    /// The end of a bar as far as it is known, or of the days without trading behind it when a week
    /// is asked for; the time itself when nothing is known.
    func reach(of time: Instant, in period: BarPeriod) -> Instant {
        guard timesSeen >= 2 else { return time }
        let length = min(least, 7 * Self.day)
        let end = Instant(nanosecondsSinceEpoch: time.nanosecondsSinceEpoch + length)
        guard period == .week, freeWeekends >= 2, !tradesOnWeekends else { return end }
        let saturday = Instant(CalendarDate(daysSinceEpoch: monday(time) + 5))
        return end >= saturday ? max(end, saturday.adding(seconds: 2 * 86_400)) : end
    }

    private func monday(_ time: Instant) -> Int {
        time.date.daysSinceEpoch - (time.date.weekday + 6) % 7
    }
}
