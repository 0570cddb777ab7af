// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// When a market trades within its trading days: one or more parts with breaks between them.
public struct TradingSessions: Sendable, Hashable {
    /// One stretch of trading, by the market's own clock.
    public struct Part: Sendable, Hashable {
        /// The second of the day at which it begins.
        public let open: Int
        /// The second at which it ends; beyond 86,400 it ends on the next day.
        public let close: Int
        /// Whether it takes place on the evening of the trading day before its own.
        public let isNight: Bool

        /// Creates a part of hours and minutes; one that ends before it begins goes past midnight.
        public init(_ open: (Int, Int), _ close: (Int, Int), isNight: Bool = false) {
            let start = open.0 * 3600 + open.1 * 60
            let end = close.0 * 3600 + close.1 * 60
            precondition((0..<86_400).contains(start), "a part begins within a day")
            precondition((0...86_400).contains(end), "a part ends within a day")
            self.open = start
            self.close = end > start ? end : end + 86_400
            self.isNight = isNight
        }

        var length: Int { close - open }
    }

    /// The market's clock.
    public let zone: MarketZone
    /// The days on which it trades.
    public let calendar: TradingCalendar
    /// The parts of a trading day in order, a night one first.
    public let parts: [Part]
    /// The seconds of trading before each part.
    let starts: [Int]
    /// The seconds of trading in a day.
    let length: Int

    /// Creates sessions of parts that follow one another within a trading day.
    public init(zone: MarketZone, calendar: TradingCalendar, parts: [Part]) {
        precondition(!parts.isEmpty, "a market trades at some time")
        for (part, next) in zip(parts, parts.dropFirst()) {
            precondition(!next.isNight, "only the first part is a night one")
            precondition(part.isNight || part.close <= next.open, "the parts are in order")
        }
        precondition(
            parts.allSatisfy { $0.isNight || $0.close <= 86_400 },
            "only a night part goes past midnight"
        )
        self.zone = zone
        self.calendar = calendar
        self.parts = parts
        var starts: [Int] = []
        var length = 0
        for part in parts {
            starts.append(length)
            length += part.length
        }
        self.starts = starts
        self.length = length
    }

    /// Day and night on every day, by UTC.
    public static let always = TradingSessions(
        zone: .utc,
        calendar: .everyDay,
        parts: [Part((0, 0), (24, 0))]
    )

    /// The regular session of the New York exchanges; days that end early are not known here.
    public static let usEquities = TradingSessions(
        zone: .newYork,
        calendar: .usEquities,
        parts: [Part((9, 30), (16, 0))]
    )

    /// Commodity futures in China: three parts by day, and perhaps one by night.
    ///
    /// The night ends at an hour and minute that depend on the product. Public holidays are in the
    /// calendar that the caller gives.
    public static func chineseFutures(
        nightEnd: (Int, Int)? = nil,
        calendar: TradingCalendar = .weekdays
    ) -> TradingSessions {
        let day = [Part((9, 0), (10, 15)), Part((10, 30), (11, 30)), Part((13, 30), (15, 0))]
        let night = nightEnd.map { [Part((21, 0), $0, isNight: true)] } ?? []
        return TradingSessions(
            zone: .fixed(seconds: 8 * 3600),
            calendar: calendar,
            parts: night + day
        )
    }
}

extension TradingSessions {
    /// A moment within the trading of a day.
    public struct Place: Sendable, Hashable {
        /// The trading day, which for a night is that of the next morning.
        public let day: CalendarDate
        /// The part of ``TradingSessions/parts``.
        public let part: Int
        /// The seconds of trading of that day before it.
        public let elapsed: Int
    }

    /// Whether there is a night session on the evening of a date: it is a trading day, and no
    /// public holiday lies between it and the next one.
    public func hasNight(on evening: CalendarDate) -> Bool {
        parts.first?.isNight == true && calendar.isTradingDay(evening)
            && !calendar.isEveOfHoliday(evening)
    }

    /// Where an instant lies; nil outside the sessions.
    public func place(of instant: Instant) -> Place? {
        let local = instant.adding(seconds: Int64(zone.offset(at: instant)))
        let date = local.date
        let second = Int(local.secondsSinceEpoch - Int64(date.daysSinceEpoch) * 86_400)
        for (index, part) in parts.enumerated() {
            let elapsed = starts[index] + second - part.open
            if part.isNight {
                let isEvening = second >= part.open && second < part.close
                guard isEvening || second + 86_400 < part.close else { continue }
                let evening = isEvening ? date : date.adding(days: -1)
                guard hasNight(on: evening) else { return nil }
                return Place(
                    day: calendar.next(after: evening),
                    part: index,
                    elapsed: isEvening ? elapsed : elapsed + 86_400
                )
            }
            if second >= part.open, second < part.close {
                guard calendar.isTradingDay(date) else { return nil }
                return Place(day: date, part: index, elapsed: elapsed)
            }
        }
        return nil
    }

    /// The instant at which so many seconds of a part have passed.
    public func instant(_ day: CalendarDate, part index: Int, second: Int) -> Instant {
        let part = parts[index]
        let date = part.isNight ? calendar.previous(before: day) : day
        return zone.instant(date, second: part.open + second)
    }

    /// The end of so many seconds of trading of a day, at least one.
    func end(_ day: CalendarDate, elapsed: Int) -> Instant {
        let index = starts.lastIndex { $0 < elapsed } ?? 0
        return instant(day, part: index, second: elapsed - starts[index])
    }

    /// The end of the trading of a day.
    func end(of day: CalendarDate) -> Instant { end(day, elapsed: length) }
}
