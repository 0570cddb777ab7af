// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How the clock of a market differs from UTC.
public enum MarketZone: Sendable, Hashable {
    /// So many seconds ahead of UTC all year round.
    case fixed(seconds: Int)
    /// New York, with daylight saving time by the rules in force since 1987 and since 2007.
    case newYork

    /// The same clock as UTC.
    public static let utc = MarketZone.fixed(seconds: 0)

    /// The seconds by which the market's clock is ahead of UTC at an instant.
    public func offset(at instant: Instant) -> Int {
        guard self == .newYork else {
            if case .fixed(let seconds) = self { return seconds }
            return 0
        }
        let year = instant.date.parts.year
        let isNew = year >= 2007
        let begin = Self.sunday(isNew ? 2 : 1, year, isNew ? 3 : 4)
        let end = isNew ? Self.sunday(1, year, 11) : Self.sunday(1, year, 11, before: true)
        // Two o'clock in the winter's time, and two o'clock in the summer's.
        let summer = Instant(begin, secondOfDay: 7 * 3600)..<Instant(end, secondOfDay: 6 * 3600)
        return summer.contains(instant) ? -4 * 3600 : -5 * 3600
    }

    /// The instant at which the market's clock shows a second of a date, or later days.
    func instant(_ date: CalendarDate, second: Int) -> Instant {
        let local = Instant(date).adding(seconds: Int64(second))
        let guess = local.adding(seconds: -Int64(offset(at: local)))
        return local.adding(seconds: -Int64(offset(at: guess)))
    }

    /// The nth Sunday of a month, or the last one before it.
    private static func sunday(
        _ nth: Int,
        _ year: Int,
        _ month: Int,
        before: Bool = false
    ) -> CalendarDate {
        let first =
            CalendarDate(year: year, month: month, day: 1) ?? CalendarDate(daysSinceEpoch: 0)
        let days = (7 - first.weekday) % 7 + 7 * (nth - 1)
        return first.adding(days: before ? days - 7 : days)
    }
}
