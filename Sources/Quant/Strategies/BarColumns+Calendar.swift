// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BarColumns {
    func calendar(_ name: String) -> [Double]? {
        switch name {
        case "session_of_month": sessionsOfMonth
        case "weekdays_left_in_month": series.times.map { Double($0.date.weekdaysLeftInMonth) }
        case "day_of_week": series.times.map { Double($0.date.weekday) }
        default: nil
        }
    }

    /// The volume-weighted price, which begins anew with each date.
    var priceOfDay: [Double] {
        var price = VolumeWeightedPrice()
        var day: CalendarDate?
        return series.times.indices.map { index in
            let date = series.times[index].date
            if date != day {
                price.reset()
                day = date
            }
            return price.next(
                BarInput(
                    high: series.high[index],
                    low: series.low[index],
                    close: series.close[index],
                    volume: series.volume[index]
                )
            )
        }
    }

    private var sessionsOfMonth: [Double] {
        var result: [Double] = []
        result.reserveCapacity(count)
        var last: CalendarDate?
        var sessions = 0.0
        for time in series.times {
            let date = time.date
            if date != last {
                sessions = date.isSameMonth(as: last) ? sessions + 1 : 1
                last = date
            }
            result.append(sessions)
        }
        return result
    }
}

/// The lesser number; missing when either is.

extension CalendarDate {
    fileprivate func isSameMonth(as other: CalendarDate?) -> Bool {
        guard let other else { return false }
        return parts.year == other.parts.year && parts.month == other.parts.month
    }

    /// The Mondays to Fridays after this date in its month.
    var weekdaysLeftInMonth: Int {
        var weekdays = 0
        var day = adding(days: 1)
        while day.isSameMonth(as: self) {
            if (1...5).contains(day.weekday) { weekdays += 1 }
            day = day.adding(days: 1)
        }
        return weekdays
    }
}
