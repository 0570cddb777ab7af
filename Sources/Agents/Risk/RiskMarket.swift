// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Quant
import Trading

/// What a risk monitor knows of instruments beside what the gateway tells.
public struct RiskMarket: Sendable {
    /// How many days ahead an event is told of.
    static let daysAhead = 5

    private let sectors: [String: String]
    private let common: EventCalendar
    private let own: EventCalendar

    /// Collects sectors, the days that concern everybody, and those of single instruments.
    public init(
        sectors: [String: String] = [:],
        common: EventCalendar = EventCalendar([]),
        own: EventCalendar = EventCalendar([])
    ) {
        self.sectors = sectors
        self.common = common
        self.own = own
    }

    /// What is held of a sector.
    struct Sector {
        let name: String
        let worth: Money
    }

    /// What is held through an event.
    struct Event {
        let symbol: String
        let date: CalendarDate
        let worth: Money
    }

    /// What is held of each sector, by name; a symbol that no sector claims is one of its own.
    func sectors(of account: AccountReport) -> [Sector] {
        var held: [String: Money] = [:]
        for (symbol, worth) in Self.held(account) {
            held[sectors[symbol] ?? symbol, default: .zero] += worth
        }
        return held.sorted { $0.key < $1.key }.map { Sector(name: $0.key, worth: $0.value) }
    }

    /// The first event of each instrument that is held, from the next session on.
    func events(of account: AccountReport, on day: CalendarDate) -> [Event] {
        let last = day.adding(days: Self.daysAhead)
        return Self.held(account).compactMap { symbol, worth in
            let dates = [common.next(after: day)?.date, own.next(after: day, label: symbol)?.date]
            guard let date = dates.compactMap(\.self).min(), date <= last else { return nil }
            return Event(symbol: symbol, date: date, worth: worth)
        }
    }

    /// The worth of the lots of each instrument, short ones counted as positive.
    private static func held(_ account: AccountReport) -> [(symbol: String, worth: Money)] {
        account.positions.map {
            ($0.instrument.description, Money($0.worth.value.magnitude))
        }
    }
}
