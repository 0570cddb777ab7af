// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Perpetual futures")
struct PerpetualTests {
    private static func bitcoin() throws -> Instrument {
        try InstrumentTests.instrument("BTC")
    }

    @Test(
        "a tenfold position is liquidated at the documented price",
        arguments: [(Side.buy, "91139.24050633"), (.sell, "108641.97530864")]
    )
    func liquidation(side: Side, expected: String) throws {
        let bitcoin = try Self.bitcoin()
        let price = try InstrumentTests.price("100000")
        let size = try InstrumentTests.quantity("0.01")

        let margin = try bitcoin.initialMargin(price, size, leverage: 10)
        let liquidated = try bitcoin.liquidationPrice(side, price, size, margin: margin)

        #expect(margin.description == "100")
        #expect(liquidated?.description == expected)
    }

    @Test("a long position with enough margin cannot be liquidated")
    func neverLiquidated() throws {
        let price = try InstrumentTests.price("100000")
        let size = try InstrumentTests.quantity("0.01")

        let liquidated = try Self.bitcoin().liquidationPrice(
            .buy,
            price,
            size,
            margin: Samples.money("2000")
        )

        #expect(liquidated == nil)
    }

    @Test(
        "the funding rate adds the clamped interest to the premium, within the cap",
        arguments: [
            ("0", "0.0001", "0.0000125"), ("0.001", "0.0005", "0.0000625"),
            ("-0.001", "-0.0005", "-0.0000625"), ("0.0003", "0.0001", "0.0000125"),
            ("0.9", "0.32", "0.04"), ("-0.9", "-0.32", "-0.04"),
        ]
    )
    func fundingRate(premium: String, rate: String, hourly: String) throws {
        let funding = Instrument.fundingRate(premium: try Samples.decimal(premium))

        #expect(funding.description == rate)
        #expect((funding / Decimal8(8)).description == hourly)
    }

    @Test("a long position pays funding above zero, a short one receives it")
    func payment() throws {
        let bitcoin = try Self.bitcoin()
        let size = try InstrumentTests.quantity("0.5")
        let oracle = try InstrumentTests.price("98765")
        let premium = try Samples.decimal("0.001")

        let long = try bitcoin.funding(.buy, size, oracle: oracle, premium: premium)
        let short = try bitcoin.funding(.sell, size, oracle: oracle, premium: premium)

        // 49382.5 × 0.0005 / 8 = 3.08640625.
        #expect(long.description == "-3.08640625")
        #expect(short.description == "3.08640625")
    }

    @Test(
        "the highest leverage is lower for a large position",
        arguments: [
            ("BTC", "1500", 40, true), ("BTC", "1500", 41, false), ("BTC", "1501", 21, false),
            ("BTC", "1501", 20, true), ("ETH", "1000", 25, true), ("ETH", "1001", 25, false),
            ("ETH", "1001", 15, true), ("BTC", "1", 0, false),
        ]
    )
    func tiers(code: String, size: String, leverage: Int, isAllowed: Bool) throws {
        let instrument = try InstrumentTests.instrument(code)
        let price = try InstrumentTests.price("100000")
        let quantity = try InstrumentTests.quantity(size)

        let margin = try? instrument.initialMargin(price, quantity, leverage: leverage)

        // A leverage that is refused is what half of the cases expect.
        #expect((margin != nil) == isAllowed)
    }

    @Test("only a perpetual future has funding tiers")
    func others() throws {
        let steel = try InstrumentTests.instrument("rb2501")

        let error = #expect(throws: TradingError.self) {
            try steel.initialMargin(
                InstrumentTests.price("3500"),
                InstrumentTests.quantity("1"),
                leverage: 5
            )
        }

        #expect(error?.code == .unknownCharge)
    }
}
