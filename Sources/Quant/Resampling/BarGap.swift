// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Bars that a series should have between two that it has, and has not.
public struct BarGap: Sendable, Hashable, CustomStringConvertible {
    /// The bar before the gap.
    public let after: Instant
    /// The bar behind the gap.
    public let before: Instant
    /// The number of bars missing.
    public let count: Int

    /// The gap as a clause.
    public var description: String {
        "\(count) \(count == 1 ? "bar is" : "bars are") missing after \(after) and before \(before)"
    }
}

extension BarSeries {
    /// The bars that are missing between the first and the last one, oldest gap first.
    ///
    /// Days on which the calendar says that the market traded count, and for bars within a day
    /// every interval of the sessions; a night session that was not held counts too. Bars outside
    /// the sessions are passed over.
    public func gaps(
        timing: BarTiming,
        sessions: TradingSessions = .always
    ) -> [BarGap] {
        var gaps: [BarGap] = []
        var last: (time: Instant, place: TradingSessions.Place)?
        for time in times {
            let place: TradingSessions.Place?
            let interval: Int
            switch timing {
            case .daily:
                place = TradingSessions.Place(day: time.date, part: 0, elapsed: 0)
                interval = sessions.length
            case .interval(let seconds):
                place = sessions.place(of: time)
                interval = max(1, seconds)
            }
            guard let place else { continue }
            if let last {
                let perDay = (sessions.length + interval - 1) / interval
                let days = sessions.calendar.count(after: last.place.day, before: place.day)
                let isNewDay = last.place.day != place.day
                let slots = place.elapsed / interval - last.place.elapsed / interval
                let missing = slots - 1 + (isNewDay ? (days + 1) * perDay : 0)
                if missing > 0 {
                    gaps.append(BarGap(after: last.time, before: time, count: missing))
                }
            }
            last = (time, place)
        }
        return gaps
    }
}
