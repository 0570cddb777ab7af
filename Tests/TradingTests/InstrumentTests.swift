// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Instruments")
struct InstrumentTests {
    static let tables = InstrumentTables.bundled

    static func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    static func instrument(_ code: String, on date: String = "2025-12-20") throws -> Instrument {
        try tables.instrument(code, on: self.date(date))
    }

    static func price(_ text: String) throws -> Price { try Price(Samples.decimal(text)) }

    static func quantity(_ text: String) throws -> Quantity {
        try Quantity(Samples.decimal(text))
    }

    @Test("margin, fees and profit of two lots of steel are right to the last digit")
    func steel() throws {
        let steel = try Self.instrument("rb2501", on: "2024-12-20")
        let (entry, exit) = (try Self.price("3500"), try Self.price("3550"))
        let lots = try Self.quantity("2")

        let profit = try steel.profit(.buy, from: entry, to: exit, lots)
        let opening = try steel.fee(.open, entry, lots)
        let closing = try steel.fee(.close, exit, lots)

        #expect(try steel.notional(entry, lots).description == "70000")
        #expect(try steel.margin(entry, lots).description == "4900")
        #expect(opening.description == "7")
        #expect(closing.description == "7.1")
        #expect(profit.description == "1000")
        #expect((profit - opening - closing).description == "985.9")
    }

    @Test(
        "fees are by lot or by value and differ on the same day",
        arguments: [
            ("m2505", PositionEffect.open, "4.5"), ("RM505", .close, "4.5"),
            ("MA505", .open, "9"), ("fu2505", .open, "0.9"), ("fu2505", .closeToday, "0"),
            ("ru2505", .close, "9"), ("ru2505", .closeToday, "0"), ("p2505", .open, "7.5"),
        ]
    )
    func fees(code: String, effect: PositionEffect, expected: String) throws {
        let instrument = try Self.instrument(code, on: "2024-12-20")

        let fee = try instrument.fee(effect, Self.price("3000"), Self.quantity("3"))

        #expect(fee.description == expected)
    }

    @Test("a tick is the one of its date", arguments: [("2024-12-17", "50"), ("2024-12-18", "20")])
    func datedTick(date: String, tick: String) throws {
        let lithium = try Self.instrument("lc2505", on: date)

        #expect(lithium.terms.grid == .step(try Samples.decimal(tick), belowOne: nil))
    }

    @Test(
        "an unknown product, a wrong form of code and a date before the first row are refused",
        arguments: [
            ("xx2501", "2025-01-02", "unknownInstrument"), ("RB2501", "2025-01-02", "written rb"),
            ("rb501", "2025-01-02", "year and month"), ("TA2501", "2025-01-02", "last digit"),
            ("rb2513", "2025-01-02", "year and month"), ("rb2500", "2025-01-02", "year and month"),
            ("BTC2501", "2025-12-01", "no digits"), ("", "2025-01-02", "unknownInstrument"),
            ("rb-2501", "2025-01-02", "unknownInstrument"),
            ("rb2501", "2023-12-29", "notInForce"), ("AAPL", "2001-04-06", "notInForce"),
            ("BTC", "2025-09-30", "notInForce"), ("rb2705", "2027-01-01", "checked through 2026"),
            ("BTC", "2027-01-01", "checked through 2026"),
        ]
    )
    func refused(code: String, date: String, reason: String) throws {
        let error = #expect(throws: TradingError.self) { try Self.instrument(code, on: date) }

        let text = try #require(error).description + " \(try #require(error).code)"
        #expect(text.contains(reason), "\(text)")
    }

    @Test("what the tables do not say is unknown and never zero")
    func unknownCharges() throws {
        let copper = try Self.instrument("cu2505", on: "2024-12-20")
        let coil = try Self.instrument("hc2505", on: "2024-12-20")
        let early = try Self.instrument("rb2501", on: "2024-11-29")
        let (price, lot) = (try Self.price("70000"), try Self.quantity("1"))

        #expect(try copper.fee(.open, price, lot).description == "17.5")
        for make in [
            { try copper.margin(price, lot) }, { try coil.fee(.open, price, lot) },
            { try early.margin(price, lot) },
        ] {
            let error = #expect(throws: TradingError.self) { try make() }
            #expect(error?.code == .unknownCharge)
        }
    }

    @Test(
        "the decade of a code with one digit is that of the nearest month",
        arguments: [
            ("TA501", "2024-06-03", "2025-01"), ("TA501", "2025-02-10", "2025-01"),
            ("TA409", "2024-06-03", "2024-09"), ("TA001", "2029-11-01", "2030-01"),
            ("TA912", "2030-01-05", "2029-12"), ("SR505", "2030-05-01", "2035-05"),
        ]
    )
    func decade(code: String, near: String, expected: String) throws {
        let contract = try #require(ContractCode(code))

        let delivery = try contract.delivery(on: .zhengzhou, near: Self.date(near))

        #expect(delivery?.description == expected)
    }

    @Test("settlement of shares has shortened with the years")
    func shareSettlement() throws {
        let days = try ["2017-09-01", "2024-05-24", "2024-05-28"].map {
            try Self.instrument("AAPL", on: $0).terms.settlement
        }

        #expect(days == [.delivery(days: 3), .delivery(days: 2), .delivery(days: 1)])
    }

    @Test("every product of the tables can be found and has a source")
    func complete() throws {
        let futures = Self.tables.products.filter { product in
            Self.tables.terms(of: product).contains { $0.kind == .future }
        }

        #expect(futures.count == 49)
        for product in Self.tables.products {
            let instrument = try Self.instrument(product)
            #expect(!instrument.terms.source.isEmpty)
            #expect(instrument.terms.multiplier > .zero)
        }
    }

    @Test(
        "prices keep to five figures and the decimals that the size leaves",
        arguments: [
            ("BTC", "100000", true), ("BTC", "123456", true), ("BTC", "12345.6", false),
            ("BTC", "9999.1", true), ("BTC", "9999.12", false), ("ETH", "3123.4", true),
            ("ETH", "3123.45", false), ("ETH", "0.12", true), ("ETH", "0.123", false),
            ("rb2501", "3500.5", false), ("au2506", "600.02", true), ("au2506", "600.03", false),
            ("AAPL", "0.1234", true), ("AAPL", "1.234", false),
        ]
    )
    func grid(code: String, price: String, isAllowed: Bool) throws {
        let instrument = try Self.instrument(code)

        #expect(try instrument.terms.grid.allows(Samples.decimal(price)) == isAllowed)
    }

    @Test(
        "a price is rounded down, up or to the nearer step, from the middle to the even one",
        arguments: [
            ("600.03", PriceGrid.Rounding.down, "600.02"), ("600.03", .up, "600.04"),
            ("600.03", .nearest, "600.04"), ("600.05", .nearest, "600.04"),
            ("600.051", .nearest, "600.06"), ("600.02", .up, "600.02"),
        ]
    )
    func quantised(price: String, rounding: PriceGrid.Rounding, expected: String) throws {
        let grid = PriceGrid.step(try Samples.decimal("0.02"), belowOne: nil)

        #expect(grid.quantised(try Samples.decimal(price), rounding).description == expected)
    }

    @Test(
        "a price off the grid, a broken lot and a tiny order are refused",
        arguments: [
            ("BTC", "12345.6", "1"), ("BTC", "12345", "0.000001"), ("BTC", "100", "0.09999"),
            ("rb2501", "3500", "1.5"),
        ]
    )
    func offGrid(code: String, price: String, quantity: String) throws {
        let instrument = try Self.instrument(code)

        let error = #expect(throws: TradingError.self) {
            try instrument.check(Self.price(price), Self.quantity(quantity))
        }

        #expect(error?.code == .offGrid)
    }
}
