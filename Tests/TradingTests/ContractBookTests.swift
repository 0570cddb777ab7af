// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

@Suite("Contracts of a desk")
struct ContractBookTests {
    private static func day(_ text: String) throws -> CalendarDate {
        try InstrumentTests.date(text)
    }

    @Test("contracts are found among codes, and shares are left alone")
    func found() throws {
        let book = try ContractSamples.book(["AAPL", "rb2505", "BTC", "CONTROL", "A.B"])

        #expect(book.instruments.map(\.description) == ["BTC", "rb2505"])
        #expect(book.multipliers[try InstrumentID("rb2505")]?.description == "10")
    }

    @Test("a contract that is not in the book has the multiplier of the tables")
    func otherMultiplier() throws {
        let rebar = try InstrumentID("rb2505")

        #expect(ContractBook.empty.multiplier(of: rebar) == Decimal8(10))
        #expect(ContractBook.empty.multiplier(of: try InstrumentID("AAPL")) == Decimal8(1))
        #expect(ContractBook.empty.multipliers.isEmpty)
    }

    @Test(
        "what the tables do not know is refused with a sentence",
        arguments: [
            ("xx2505", "the tables have no product 'xx'"),
            ("XX505", "the tables have no product 'XX'"),
            ("RB2505", "its product is written rb"),
            ("msft2505", "its product is written MSFT"),
            ("TA505", "no row of the tables has it"),
            ("cu2505", "no row of the tables has it"),
            ("rb505", "SHFE writes year and month as in rb2501"),
            ("MA", "it is a product; name a contract with its month of delivery"),
        ]
    )
    func refused(code: String, reason: String) throws {
        let error = #expect(throws: TradingError.self) { try ContractSamples.book([code]) }

        #expect(error?.reason == reason)
    }

    @Test(
        "bars on days that the rows do not cover are refused",
        arguments: [
            ("rb2501", "2024-11-29", "2024-12-20", "known from 2024-12-01 on"),
            ("rb2501", "2024-12-20", "2025-02-03", "it was delivered in 2025-01"),
            ("BTC", "2025-09-30", "2025-12-20", "known from 2025-10-01 on"),
            ("BTC", "2025-10-01", "2027-01-01", "checked through 2026-12-31"),
        ]
    )
    func days(code: String, first: String, last: String, reason: String) throws {
        let book = try ContractSamples.book([code])
        let days = try [InstrumentID(code): Self.day(first)...Self.day(last)]

        let error = #expect(throws: TradingError.self) { try book.requireInForce(days) }

        #expect(error?.code == .notInForce)
        #expect(error?.reason.hasSuffix(reason) == true)
    }

    @Test("terms are those of the trading day, and a share has none")
    func dated() throws {
        let book = try ContractSamples.book(["rb2505"])
        func terms(_ code: String, _ end: String) throws -> ContractTerms? {
            try book.session(
                of: InstrumentID(code),
                endingAt: ContractSamples.shanghai(end),
                after: nil
            )?.terms
        }

        #expect(throws: TradingError.self) { try terms("rb2505", "2024-11-29T15:00") }
        // The night of a Friday is Monday's, for which there is a row.
        #expect(try terms("rb2505", "2024-11-29T22:00")?.multiplier == Decimal8(10))
        #expect(try terms("AAPL", "2024-12-02T15:00") == nil)
    }

    @Test(
        "leverage and premium have bounds",
        arguments: [(0, "0"), (1001, "0"), (1, "0.10000001"), (1, "-0.10000001")]
    )
    func holding(leverage: Int, premium: String) throws {
        #expect(throws: TradingError.self) {
            try ContractBook.Holding(leverage: leverage, premium: Samples.decimal(premium))
        }
    }

    @Test(
        "a bar belongs to the trading day of its end, and may end it",
        arguments: [
            ("2024-12-20T15:00", "2024-12-20", true), ("2024-12-20T10:15", "2024-12-20", false),
            ("2024-12-20T11:30", "2024-12-20", false), ("2024-12-20T14:59", "2024-12-20", false),
            ("2024-12-20T15:30", "2024-12-20", true), ("2024-12-20T21:00", "2024-12-20", true),
            ("2024-12-20T22:00", "2024-12-23", false), ("2024-12-20T23:00", "2024-12-23", false),
            ("2024-12-21T05:00", "2024-12-20", true), ("2024-12-31T15:00", "2024-12-31", true),
            ("2025-01-02T09:30", "2025-01-02", false),
        ]
    )
    func barDay(end: String, day: String, isOver: Bool) throws {
        let steel = try InstrumentTests.instrument("rb2505", on: "2024-12-20")
        let hours = MarketHours(steel.terms)

        let found = try hours.barDay(endingAt: ContractSamples.shanghai(end))

        #expect(found.date.description == day)
        #expect(found.isOver == isOver)
    }

    @Test(
        "a fixed number of units has to be lots of the contract, and one of them at least",
        arguments: [
            ("2", nil), ("2.00000000001", nil), ("1.5", "units: 1.5 is no multiple of 1"),
            ("0.4", "units: 0.4 is no multiple of 1"),
            // So little that it is a whole number of lots but for what doubles cannot tell.
            ("0.0000000001", "is no multiple of 1"),
        ] as [(String, String?)]
    )
    func units(units: String, reason: String?) throws {
        let strategy = try Strategy(
            try JSON(
                parsing: """
                    {"schema": 1, "name": "lots", "family": "test", "universe": ["rb2505"],
                     "side": "long", "enter": "true", "exit": "false", "units": \(units)}
                    """
            )
        )
        let symbol = try #require(Symbol("rb2505"))
        var series = BarSeries(symbol: symbol)
        series.append(
            Bar(
                symbol: symbol,
                time: try ContractSamples.shanghai("2025-02-10T15:00"),
                open: 3400,
                high: 3410,
                low: 3390,
                close: 3400,
                volume: 1000
            )
        )
        let prepared = try PreparedStrategy(strategy, history: [series])
        let costs = Costs(
            feeRate: 0,
            slippageRate: 0,
            contracts: try ContractSamples.book(["rb2505"]).traded
        )

        var told: String?
        do throws(QuantError) {
            _ = try prepared.run(costs: costs)
        } catch {
            told = error.reason
        }

        #expect((told == nil) == (reason == nil), "\(told ?? "it ran")")
        if let reason { #expect(told?.contains(reason) == true, "\(told ?? "it ran")") }
    }
}
