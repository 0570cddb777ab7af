// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The contracts that a desk or a strategy trades, with the rows of the tables that hold from day
/// to day.
///
/// Whatever is missing is refused when the book is made, before anything is traded: a product, a
/// date, a margin, a fee.
public struct ContractBook: Sendable, Hashable {
    /// What a contract needs beside its rows.
    public struct Holding: Sendable, Hashable {
        /// How far it is levered, as far as the venue allows.
        public let leverage: Int
        /// The premium of its price, from which each hour's funding follows.
        public let premium: Decimal8
        /// The steps of its prices by which market orders and stops are worse, on top of a share.
        public let slippageTicks: Int

        /// Checks a way of holding.
        /// - Throws: A ``TradingError`` with code `invalidConfiguration`.
        public init(
            leverage: Int = 1,
            premium: Decimal8 = .zero,
            slippageTicks: Int = 0
        ) throws(TradingError) {
            let tenth = Decimal8(units: Decimal8.scale / 10)
            guard (1...1_000).contains(leverage), premium.magnitude <= tenth else {
                throw TradingError(
                    .invalidConfiguration,
                    "hold perpetual futures",
                    "the leverage lies from 1 to 1000 and the premium from -0.1 to 0.1"
                )
            }
            guard (0...10_000).contains(slippageTicks) else {
                throw TradingError(
                    .invalidConfiguration,
                    "trade contracts",
                    "a slippage lies from 0 to 10000 ticks"
                )
            }
            self.slippageTicks = slippageTicks
            self.leverage = leverage
            self.premium = premium
        }
    }

    /// The terms from a date on.
    private struct Row: Sendable, Hashable {
        let from: CalendarDate
        var terms: ContractTerms
    }

    /// One contract's rows, oldest first, and its market's hours.
    private struct Entry: Sendable, Hashable {
        var rows: [Row]
        let hours: MarketHours
        let isPerpetual: Bool

        func day(endingAt end: Instant) throws(TradingError) -> MarketHours.BarDay {
            isPerpetual
                ? MarketHours.BarDay(date: end.date, isOver: false)
                : try hours.barDay(endingAt: end)
        }
    }

    /// No contracts.
    public static let empty = ContractBook()

    private var entries: [InstrumentID: Entry] = [:]

    private init() {}

    /// Finds the contracts among codes, from the first date on which everything of each is known;
    /// other codes are left out.
    /// - Throws: A ``TradingError`` with code `unknownInstrument`, `notInForce` or `unknownCharge`.
    public init(
        _ codes: some Sequence<String>,
        holding: Holding,
        tables: InstrumentTables = .bundled
    ) throws(TradingError) {
        for code in Set(codes).sorted() where tables.namesContract(code) {
            let (found, dates) = try Self.first(code, tables, holding)
            var rows: [Row] = []
            for date in dates {
                let terms = try ContractTerms(
                    try tables.instrument(code, on: date),
                    leverage: holding.leverage,
                    premium: holding.premium,
                    slippageTicks: holding.slippageTicks
                )
                rows.append(Row(from: date, terms: terms))
            }
            entries[try InstrumentID(code)] = Entry(
                rows: rows,
                hours: MarketHours(found.terms),
                isPerpetual: found.terms.kind == .perpetual
            )
        }
    }

    /// A contract on the first date on which everything is known of it, and the dates from that on
    /// which a row begins.
    private static func first(
        _ code: String,
        _ tables: InstrumentTables,
        _ holding: Holding
    ) throws(TradingError) -> (Instrument, [CalendarDate]) {
        let dates = tables.changes(of: ContractCode(code)?.product ?? code)
        guard let last = dates.last else {
            // Only for its complaint: there is no such product.
            return (try tables.instrument(code, on: InstrumentTables.checkedThrough), [])
        }
        try requireContract(try tables.instrument(code, on: last))
        for (place, date) in dates.enumerated() {
            // A date on which something is missing is not the first one.
            guard let found = try? tables.instrument(code, on: date),
                // As above.
                (try? ContractTerms(found, leverage: 1, premium: .zero)) != nil
            else { continue }
            return (found, Array(dates[place...]))
        }
        // What is missing on every date is missing on the last.
        let found = try tables.instrument(code, on: last)
        _ = try ContractTerms(found, leverage: holding.leverage, premium: holding.premium)
        return (found, [last])
    }

    /// Refuses contracts that are traded on a day before everything is known of them, or after
    /// they were delivered; what is no contract is left out.
    /// - Throws: A ``TradingError`` with code `notInForce`.
    public func requireInForce(
        _ days: [InstrumentID: ClosedRange<CalendarDate>]
    ) throws(TradingError) {
        for (instrument, days) in days.sorted(by: { $0.key < $1.key }) {
            guard let first = entries[instrument]?.rows.first else { continue }
            guard days.lowerBound >= first.from else {
                throw TradingError(
                    .notInForce,
                    "trade \(instrument) on \(days.lowerBound)",
                    "its margin and its fees are known from \(first.from) on"
                )
            }
            guard days.upperBound <= InstrumentTables.checkedThrough else {
                throw TradingError(
                    .notInForce,
                    "trade \(instrument) on \(days.upperBound)",
                    "its rows were checked through \(InstrumentTables.checkedThrough)"
                )
            }
            guard let delivery = first.terms.contract?.delivery else { continue }
            let (year, month, _) = days.upperBound.parts
            guard (year, month) <= (delivery.year, delivery.month) else {
                throw TradingError(
                    .notInForce,
                    "trade \(instrument) on \(days.upperBound)",
                    "it was delivered in \(delivery)"
                )
            }
        }
    }

    /// The contracts, sorted.
    public var instruments: [InstrumentID] { entries.keys.sorted() }

    /// Whether there are none.
    public var isEmpty: Bool { entries.isEmpty }

    /// The terms of a contract on its first day.
    func firstTerms(of instrument: InstrumentID) -> ContractTerms? {
        entries[instrument]?.rows.first?.terms
    }

    /// The terms of a contract on a date; those of its first day before that.
    func terms(of instrument: InstrumentID, on date: CalendarDate) -> ContractTerms? {
        let entry = entries[instrument]
        return (entry?.rows.last { $0.from <= date } ?? entry?.rows.first)?.terms
    }

    /// The multiplier of an instrument: that of the tables for a contract which the book does not
    /// have, and 1 for what is none.
    public func multiplier(
        of instrument: InstrumentID,
        tables: InstrumentTables = .bundled
    ) -> Decimal8 {
        if let entry = entries[instrument] {
            return entry.rows.first?.terms.multiplier ?? Decimal8(1)
        }
        guard tables.namesContract(instrument.description),
            // One of which the tables do not know enough cannot have been traded.
            let holding = try? Holding(leverage: 1, premium: .zero),
            // As above.
            let book = try? Self([instrument.description], holding: holding, tables: tables)
        else { return Decimal8(1) }
        return book.multipliers[instrument] ?? Decimal8(1)
    }

    /// The multiplier of each contract.
    public var multipliers: [InstrumentID: Decimal8] {
        entries.compactMapValues { $0.rows.first?.terms.multiplier }
    }

    /// The same contracts with other fees in place of each.
    public func charging(_ change: (Fee) -> Fee) -> ContractBook {
        var book = self
        for (instrument, entry) in entries {
            book.entries[instrument]?.rows = entry.rows.map {
                Row(from: $0.from, terms: $0.terms.charging(change))
            }
        }
        return book
    }

    /// What holds for a contract in a session that ends at an instant, after one that ended at
    /// another; nil for an instrument that is no contract.
    /// - Throws: A ``TradingError`` with code `notInForce` for a day that the tables do not know.
    public func session(
        of instrument: InstrumentID,
        endingAt end: Instant,
        after last: Instant?
    ) throws(TradingError) -> ContractSession? {
        guard let entry = entries[instrument] else { return nil }
        let day = try entry.day(endingAt: end)
        guard day.date <= InstrumentTables.checkedThrough,
            let terms = entry.rows.last(where: { $0.from <= day.date })?.terms
        else {
            throw TradingError(
                .notInForce,
                "trade \(instrument) on \(day.date)",
                "the tables have rows from \(entry.rows.first?.from ?? day.date) through "
                    + "\(InstrumentTables.checkedThrough)"
            )
        }
        let isNewDay = last.map { last in
            // A day of which the calendar does not know is another one.
            (try? entry.day(endingAt: last)).map { $0.date < day.date } ?? true
        }
        return ContractSession(
            terms: terms,
            isOver: !entry.isPerpetual && day.isOver,
            isNewDay: !entry.isPerpetual && isNewDay == true
        )
    }

    /// Refuses a product of futures, which is no contract by itself.
    private static func requireContract(_ found: Instrument) throws(TradingError) {
        guard found.terms.kind == .future, found.delivery == nil else { return }
        throw TradingError(
            .unknownInstrument,
            "trade \(found.code)",
            "it is a product; name a contract with its month of delivery"
        )
    }
}
