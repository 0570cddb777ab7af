// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Closing futures")
struct ClosePlanTests {
    private static func held(
        _ today: Int,
        _ frozenToday: Int,
        _ yesterday: Int,
        _ frozen: Int
    ) -> HeldLots {
        HeldLots(
            today: Decimal8(today),
            frozenToday: Decimal8(frozenToday),
            yesterday: Decimal8(yesterday),
            frozenYesterday: Decimal8(frozen)
        )
    }

    private static func text(_ legs: [CloseLeg]) -> String {
        legs.map { "\($0.effect.rawValue) \($0.lots)" }.joined(separator: ", ")
    }

    @Test(
        "Shanghai closes earlier lots first and names today's",
        arguments: [
            (3, "close 3"), (4, "close 4"), (5, "close 4, close_today 1"),
            (6, "close 4, close_today 2"),
        ]
    )
    func split(lots: Int, expected: String) throws {
        let held = Self.held(3, 1, 5, 1)

        let legs = try ClosePlanner.plan(
            Quantity(Decimal8(lots)),
            of: held,
            marketplace: .shanghai
        )

        #expect(Self.text(legs) == expected)
    }

    @Test("where closing on the same day is free, today's lots go first")
    func cheaperToday() throws {
        let rubber = try InstrumentTests.instrument("ru2505")

        let legs = try ClosePlanner.plan(
            Quantity(Decimal8(4)),
            of: Self.held(3, 0, 5, 0),
            marketplace: .shanghai,
            charges: rubber.charges
        )

        #expect(Self.text(legs) == "close_today 3, close 1")
    }

    @Test("elsewhere one order closes both days' lots")
    func elsewhere() throws {
        for marketplace in [Marketplace.dalian, .zhengzhou, .guangzhou] {
            let legs = try ClosePlanner.plan(
                Quantity(Decimal8(6)),
                of: Self.held(3, 0, 5, 0),
                marketplace: marketplace
            )
            #expect(Self.text(legs) == "close 6")
        }
    }

    @Test("more than is available is refused and never turned around")
    func refused() throws {
        for marketplace in Marketplace.allCases {
            for (lots, held) in [(7, Self.held(3, 1, 5, 1)), (1, Self.held(1, 1, 2, 3))] {
                let error = #expect(throws: TradingError.self) {
                    try ClosePlanner.plan(
                        Quantity(Decimal8(lots)),
                        of: held,
                        marketplace: marketplace
                    )
                }
                #expect(error?.code == .notEnoughToClose)
            }
        }
    }

    @Test(
        "lots are sized by the loss at the stop with its fees, and by the margin",
        arguments: [
            // A lot loses 500 and pays 3.50 + 3.45 of fees; its margin is 2450.
            ("3500", "3450", "5069.5", "1000000", "10"), ("3500", "3450", "5069.4", "1000000", "9"),
            ("3500", "3450", "100000", "24569.5", "10"), ("3500", "3450", "506", "1000000", "0"),
            ("3450", "3500", "5069.5", "1000000", "10"),
        ]
    )
    func sizing(
        entry: String,
        stop: String,
        risk: String,
        cash: String,
        expected: String
    ) throws {
        let lots = try LotSizing.lots(
            of: InstrumentTests.instrument("rb2505"),
            entry: InstrumentTests.price(entry),
            stop: InstrumentTests.price(stop),
            risk: Samples.money(risk),
            cash: Samples.money(cash)
        )

        #expect(lots.description == expected)
    }

    @Test("without a distance to the stop nothing can be sized")
    func noDistance() throws {
        let price = try InstrumentTests.price("3500")

        #expect(throws: TradingError.self) {
            try LotSizing.lots(
                of: InstrumentTests.instrument("rb2505"),
                entry: price,
                stop: price,
                risk: Samples.money("1"),
                cash: Samples.money("1")
            )
        }
    }
}
