// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Quant

/// When an instrument is traded, and to which trading day an instant counts.
public struct MarketHours: Sendable, Hashable {
    /// The sessions of a trading day.
    public let sessions: TradingSessions
    /// The years of which the calendar knows.
    private let years: ClosedRange<Int>
    private let hasAuction: Bool

    /// The hours of what has these terms.
    public init(_ terms: InstrumentTerms) {
        switch terms.kind {
        case .share:
            sessions = .usEquities
            years = 2000...2099
            hasAuction = false
        case .perpetual:
            sessions = .always
            years = 2000...2099
            hasAuction = false
        case .future:
            sessions = .chineseFutures(
                nightEnd: terms.nightEnd.map { ($0.hour, $0.minute) },
                calendar: ChineseHolidays.calendar
            )
            years = ChineseHolidays.years
            hasAuction = true
        }
    }

    /// What the market does at an instant.
    /// - Throws: A ``TradingError`` with code `notInForce` outside the years of the calendar.
    public func moment(at instant: Instant) throws(TradingError) -> MarketMoment {
        let local = instant.adding(seconds: Int64(sessions.zone.offset(at: instant)))
        let date = local.date
        guard years.contains(date.parts.year) else {
            throw TradingError(
                .notInForce,
                "tell the session at \(instant)",
                "the calendar knows the years \(years.lowerBound) to \(years.upperBound)"
            )
        }
        if let place = sessions.place(of: instant) {
            let part = sessions.parts[place.part]
            let note = part.isNight ? "night session" : "day session"
            return MarketMoment(
                phase: .open,
                tradingDay: place.day,
                note: sessions.parts.count == 1 ? "session" : note,
                nextOpen: instant
            )
        }
        let next = nextOpen(after: instant, from: date)
        if let auction = auction(at: instant, before: next) { return auction }
        let second = Int(local.secondsSinceEpoch - Int64(date.daysSinceEpoch) * 86_400)
        let isPause =
            sessions.calendar.isTradingDay(date)
            && sessions.parts.contains { !$0.isNight && $0.close <= second }
            && sessions.parts.contains { !$0.isNight && $0.open > second }
        return MarketMoment(
            phase: isPause ? .pause : .closed,
            tradingDay: isPause ? date : nil,
            note: isPause ? "break between two sessions" : whyClosed(date, second),
            nextOpen: next.opens
        )
    }

    /// The trading day of a bar or fill at an instant; nil outside all sessions and auctions.
    /// - Throws: As ``moment(at:)``.
    public func tradingDay(of instant: Instant) throws(TradingError) -> CalendarDate? {
        try moment(at: instant).tradingDay
    }

    /// The first session to begin after an instant, its trading day, and whether the trading day
    /// begins with it.
    private func nextOpen(after instant: Instant, from date: CalendarDate) -> Opening {
        for ahead in 0...400 {
            let day = date.adding(days: ahead)
            guard sessions.calendar.isTradingDay(day) else { continue }
            let evening = sessions.calendar.previous(before: day)
            let hasNight = sessions.hasNight(on: evening)
            var isFirst = true
            for (index, part) in sessions.parts.enumerated() where hasNight || !part.isNight {
                let opens = sessions.instant(day, part: index, second: 0)
                if opens > instant { return Opening(opens: opens, day: day, isFirst: isFirst) }
                isFirst = false
            }
        }
        return Opening(opens: instant, day: date, isFirst: false)
    }

    private struct Opening {
        let opens: Instant
        let day: CalendarDate
        let isFirst: Bool
    }

    /// The five minutes before the first session of a trading day: four for orders, one to match.
    private func auction(at instant: Instant, before next: Opening) -> MarketMoment? {
        let wait = next.opens.secondsSinceEpoch - instant.secondsSinceEpoch
        guard hasAuction, next.isFirst, wait <= 300 else { return nil }
        return MarketMoment(
            phase: wait > 60 ? .auctionOrders : .auctionMatch,
            tradingDay: next.day,
            note: "opening auction",
            nextOpen: next.opens
        )
    }

    private func whyClosed(_ date: CalendarDate, _ second: Int) -> String {
        let calendar = sessions.calendar
        if [0, 6].contains(date.weekday) { return "weekend" }
        guard calendar.isTradingDay(date) else { return "holiday" }
        guard let night = sessions.parts.first, night.isNight, second >= night.open else {
            return "outside the sessions"
        }
        return calendar.isEveOfHoliday(date)
            ? "no night session before a holiday" : "outside the sessions"
    }
}
