// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Trading values")
struct ValueTests {
    @Test("a price is above zero and within its limit", arguments: ["0", "-1", "1000000001"])
    func wrongPrices(text: String) throws {
        let value = try Samples.decimal(text)

        let error = #expect(throws: TradingError.self) { try Price(value) }

        #expect(error?.code == .invalidPrice)
    }

    @Test("a quantity is above zero and within its limit", arguments: ["0", "-1", "1000000001"])
    func wrongQuantities(text: String) throws {
        let value = try Samples.decimal(text)

        let error = #expect(throws: TradingError.self) { try Quantity(value) }

        #expect(error?.code == .invalidQuantity)
    }

    @Test(
        "a notional is rounded half to even at the eighth place",
        arguments: [("0.5", "0"), ("1.5", "0.00000002"), ("2.5", "0.00000002")]
    )
    func notional(price: String, expected: String) throws {
        let price = try Price(Samples.decimal(price))

        let notional = Money(price, try Quantity(Samples.decimal("0.00000001")))

        #expect(notional?.description == expected)
    }

    @Test("a notional beyond the limit is refused instead of overflowing")
    func hugeNotional() throws {
        let price = try Price(Price.highest)

        #expect(Money(price, try Quantity(Quantity.largest)) == nil)
        #expect(Money(price, try Quantity(Decimal8(10)))?.value == Money.largestNotional)
    }

    @Test(
        "an identifier has few characters and no surprise",
        arguments: ["", "a b", "é", "a!stop", "a\n", String(repeating: "x", count: 161)]
    )
    func wrongIdentifiers(text: String) {
        let error = #expect(throws: TradingError.self) { try OrderID(text) }

        #expect(error?.code == .invalidIdentifier)
        #expect(throws: TradingError.self) { try InstrumentID(text) }
    }

    @Test(
        "session prices lie from the low to the high",
        arguments: [["5", "6", "5.5", "6"], ["5", "6", "4", "7"], ["7", "6", "4", "5"]]
    )
    func wrongSessions(prices: [String]) throws {
        let values = try prices.map { try Samples.decimal($0) }

        let error = #expect(throws: TradingError.self) {
            try SessionPrices(open: values[0], high: values[1], low: values[2], close: values[3])
        }

        #expect(error?.code == .invalidSession)
    }

    @Test(
        "a configuration has sensible capital, costs and limits",
        arguments: [
            ("0.5", "0", "0", 5), ("10000000001", "0", "0", 5), ("1000", "-0.1", "0", 5),
            ("1000", "0.11", "0", 5), ("1000", "0", "0.2", 5), ("1000", "0", "0", 0),
        ]
    )
    func wrongConfigurations(capital: String, fee: String, slip: String, wait: Int) throws {
        let error = #expect(throws: TradingError.self) {
            try Samples.configuration(
                capital: capital,
                fee: fee,
                slippage: slip,
                waitingLimit: wait
            )
        }

        #expect(error?.code == .invalidConfiguration)
    }

    @Test("a plan without stop and holding limit is refused")
    func planWithoutEnd() throws {
        let error = #expect(throws: TradingError.self) { try Samples.plan(target: "120") }

        #expect(error?.code == .planWithoutEnd)
    }

    @Test("a plan's limit, confidence and risk are checked")
    func wrongPlans() throws {
        for make in [
            { try Samples.plan(hold: 0) }, { try Samples.plan(hold: 100_001) },
            { try Samples.plan(stop: "1", confidence: "1.1") },
            { try Samples.plan(stop: "1", confidence: "-0.1") },
            { try Samples.plan(stop: "1", risk: "0") },
        ] {
            let error = #expect(throws: TradingError.self) { try make() }
            #expect(error?.code == .invalidPlan)
        }
    }

    @Test(
        "a stop lies on the losing side of the target",
        arguments: [(Side.buy, "110", "90"), (.buy, "90", "90"), (.sell, "90", "110")]
    )
    func wrongSides(side: Side, stop: String, target: String) throws {
        let plan = try Samples.plan(stop: stop, target: target)

        let error = #expect(throws: TradingError.self) {
            try Samples.entry("a", side, plan: plan)
        }

        #expect(error?.code == .invalidPlan)
    }

    @Test(
        "an order needs a signal and a strategy",
        arguments: ["", String(repeating: "x", count: 201)]
    )
    func namelessOrders(name: String) throws {
        let good = try Samples.entry("a")

        for (signal, strategy) in [(name, "s"), ("s", name)] {
            #expect(throws: TradingError.self) {
                try Order(
                    id: good.id,
                    instrument: good.instrument,
                    side: .buy,
                    quantity: good.quantity,
                    purpose: good.purpose,
                    asked: good.asked,
                    signal: signal,
                    strategy: strategy
                )
            }
        }
    }

    @Test("an invalidation has a limited length", arguments: [2_000, 2_001])
    func longInvalidation(length: Int) throws {
        let make = {
            try ExitPlan(
                stop: nil,
                target: nil,
                holdLimit: 1,
                invalidation: String(repeating: "x", count: length),
                confidence: nil,
                riskInCurrency: Samples.money("1")
            )
        }

        if length == 2_000 {
            #expect(throws: Never.self) { try make() }
        } else {
            #expect(throws: TradingError.self) { try make() }
        }
    }
}
