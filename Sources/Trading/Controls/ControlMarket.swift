// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Quant

/// What the controls know of instruments beside their prices.
public struct ControlMarket: Sendable {
    /// The sector of each instrument that has one.
    public var sectors: [InstrumentID: String]
    /// What one unit of an instrument is worth in units of its price; 1 when absent.
    public var multipliers: [InstrumentID: Decimal8]
    /// The contracts, by which prices, quantities and margins are judged.
    public var contracts: ContractBook
    /// The days that concern every instrument.
    public var commonEvents: EventCalendar
    /// The days that concern the instrument that is their label.
    public var ownEvents: EventCalendar

    /// Creates a market; without arguments nothing is known of it.
    public init(
        sectors: [InstrumentID: String] = [:],
        multipliers: [InstrumentID: Decimal8] = [:],
        contracts: ContractBook = .empty,
        commonEvents: EventCalendar = EventCalendar([]),
        ownEvents: EventCalendar = EventCalendar([])
    ) {
        self.sectors = sectors
        self.multipliers = multipliers.merging(contracts.multipliers) { _, known in known }
        self.contracts = contracts
        self.commonEvents = commonEvents
        self.ownEvents = ownEvents
    }

    /// The first event of an instrument from a day on, through so many days later.
    func event(of instrument: InstrumentID, from day: CalendarDate, within days: Int)
        -> CalendarDate?
    {
        let before = day.adding(days: -1)
        let dates = [
            commonEvents.next(after: before)?.date,
            ownEvents.next(after: before, label: instrument.description)?.date,
        ]
        guard let first = dates.compactMap(\.self).min(),
            first.daysSinceEpoch - day.daysSinceEpoch <= days
        else { return nil }
        return first
    }
}
