// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Quant

extension MarketHours {
    /// The trading day of a bar by its end, and whether the day is over with it.
    public struct BarDay: Sendable, Hashable {
        /// The trading day.
        public let date: CalendarDate
        /// Whether nothing more is traded on it.
        public let isOver: Bool
    }

    /// The trading day of a bar that ends at an instant.
    ///
    /// An end within a session, at its close or in a break counts to that session's day; any other
    /// to the day that was over last.
    /// - Throws: As ``moment(at:)``.
    public func barDay(endingAt end: Instant) throws(TradingError) -> BarDay {
        let before = Instant(nanosecondsSinceEpoch: end.nanosecondsSinceEpoch - 1)
        let here = try moment(at: before)
        let next = try moment(at: try moment(at: end).nextOpen)
        let coming = next.tradingDay ?? end.date
        if [.open, .pause].contains(here.phase), let date = here.tradingDay {
            return BarDay(date: date, isOver: date != coming)
        }
        return BarDay(date: sessions.calendar.previous(before: coming), isOver: true)
    }
}
