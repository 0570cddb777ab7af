// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Money on a market on paper")
struct MarketMoneyTests {
    private typealias Make = MarketSamples

    @Test("two lots of steel bring what the table says")
    func steel() throws {
        var market = try Make.market(balance: "100000")
        try market.submit(Make.order("a"))
        _ = try market.step(Make.flat("3500"))
        let (margin, bought) = (market.requiredMargin, market.balance)
        try market.submit(Make.order("b", .sell))
        _ = try market.step(Make.flat("3550"))

        #expect(margin.description == "4900")
        #expect(bought.description == "99993")
        #expect(market.balance.description == "100985.9")
        #expect(market.equity == market.balance)
    }

    @Test("settlement moves the day's gain to the balance, at the settlement price")
    func settlement() throws {
        var market = try Make.market(balance: "100000")
        try market.submit(Make.order("a"))
        let first = try market.step(
            Make.bar("3500", "3550", "3490", "3540", settlement: "3520")
        )
        let (balance, equity) = (market.balance, market.equity)
        try market.submit(Make.order("b", .sell))
        let last = try market.step(Make.flat("3510"))

        #expect(
            first.contains(
                .settled(
                    try InstrumentID("rb2505"),
                    try InstrumentTests.price("3520"),
                    try Samples.money("400")
                )
            )
        )
        #expect(balance.description == "100393")
        #expect(equity == balance)
        guard case .filled(let fill) = last.first else {
            Issue.record("no fill")
            return
        }
        // From the settlement on: 2 · 10 · (3510 − 3520).
        #expect(fill.profit.description == "-200")
        #expect(market.balance.description == "100185.98")
    }

    @Test("closing on the same day has its own fee, and earlier lots go first")
    func closeToday() throws {
        func fees(_ closesToday: Bool, holdsOverNight: Bool) throws -> [String] {
            var market = try Make.market("ru2505")
            try market.submit(Make.order("a", .buy, "2", code: "ru2505"))
            _ = try market.step(
                Make.bar(
                    "17000",
                    "17000",
                    "17000",
                    "17000",
                    code: "ru2505",
                    settlement: holdsOverNight ? "17000" : nil
                )
            )
            try market.submit(Make.order("b", .buy, "1", code: "ru2505"))
            _ = try market.step(Make.bar("17000", "17000", "17000", "17000", code: "ru2505"))
            try market.submit(
                Make.order("c", .sell, "3", code: "ru2505", closesToday: closesToday)
            )
            return try market.step(
                Make.bar("17000", "17000", "17000", "17000", code: "ru2505")
            ).compactMap { event in
                guard case .filled(let fill) = event else { return nil }
                return "\(fill.quantity) for \(fill.fee)"
            }
        }

        #expect(try fees(false, holdsOverNight: true) == ["3 for 6"])
        #expect(try fees(false, holdsOverNight: false) == ["3 for 0"])
        #expect(try fees(true, holdsOverNight: true) == ["1 for 0"])
    }

    @Test("an entry beyond the margin is refused, one on the last yuan is not")
    func margin() throws {
        // Two lots need 4,900 and a fee of 7.
        for (balance, isFilled) in [("4907", true), ("4906.99", false)] {
            var market = try Make.market(balance: balance)
            try market.submit(Make.order("a"))

            let events = try market.step(Make.flat("3500"))

            #expect(events.fills.isEmpty != isFilled)
            #expect(events.endings == (isFilled ? [] : ["a: insufficient margin"]))
        }
    }

    @Test("a margin call without a deposit closes everything at the next open")
    func marginCall() throws {
        var market = try Make.market(balance: "5000")
        try market.submit(Make.order("a", stop: "3000"))
        _ = try market.step(Make.flat("3500"))
        let called = try market.step(
            Make.bar("3480", "3490", "3470", "3480", settlement: "3480")
        )
        var rescued = market
        rescued.deposit(try Samples.money("279"))

        let forced = try market.step(Make.flat("3470"))
        let spared = try rescued.step(Make.flat("3480"))

        // 5000 − 7 − 400 are there and 4872 are needed.
        #expect(called.contains(.marginCall(missing: try Samples.money("279"))))
        #expect(
            forced.contains(
                .liquidated(try InstrumentID("rb2505"), try InstrumentTests.price("3470"))
            )
        )
        #expect(forced.endings == ["a!stop: liquidated"])
        #expect(market.positions.isEmpty && market.openOrders.isEmpty)
        #expect(spared.isEmpty && !rescued.positions.isEmpty)
    }

    @Test("a forced closing waits while the market is locked at its limit")
    func lockedLiquidation() throws {
        var market = try Make.market(balance: "5000")
        try market.submit(Make.order("a"))
        _ = try market.step(Make.flat("3500"))
        _ = try market.step(Make.bar("3480", "3490", "3470", "3480", settlement: "3480"))

        let locked = try market.step(
            Make.bar("3300", "3300", "3300", "3300", limits: ("3300", "3600"))
        )
        let free = try market.step(Make.flat("3310"))

        #expect(
            locked.pending.count == 1
                && !locked.contains { event in
                    if case .liquidated = event { true } else { false }
                }
        )
        #expect(free.fills.count == 1 && market.positions.isEmpty)
    }

    @Test("a coin pays funding on the hour's close")
    func funding() throws {
        var market = try Make.market("BTC", balance: "1000", rules: MarketRules(leverage: 10))
        try market.submit(Make.order("a", .buy, "0.01", code: "BTC"))

        let events = try market.step(
            Make.bar("100000", "100000", "100000", "100000", code: "BTC", premium: "0.001")
        )

        // 1000 · 0.0005 / 8 paid, and a fee of 0.45.
        #expect(
            events.contains(.funded(try InstrumentID("BTC"), try Samples.money("-0.0625")))
        )
        #expect(market.balance.description == "999.4875")
    }

    @Test(
        "a coin is liquidated where the account does not bear it, or at a worse open",
        arguments: [
            (Side.buy, ["95000", "95000", "91100", "92000"], "91139"),
            (.buy, ["90000", "90000", "89000", "89500"], "90000"),
            (.buy, ["95000", "95000", "91200", "92000"], "-"),
            (.sell, ["105000", "108700", "105000", "108000"], "108642"),
        ]
    )
    func liquidation(side: Side, bar: [String], expected: String) throws {
        // 100.45 less the fee of 0.45 leave the margin of the documented vector.
        var market = try Make.market("BTC", balance: "100.45", rules: MarketRules(leverage: 10))
        try market.submit(Make.order("a", side, "0.01", code: "BTC"))
        _ = try market.step(Make.bar("100000", "100000", "100000", "100000", code: "BTC"))

        let events = try market.step(Make.bar(bar[0], bar[1], bar[2], bar[3], code: "BTC"))

        let price = events.compactMap { event in
            if case .liquidated(_, let price) = event { price.description } else { nil }
        }
        #expect(price == (expected == "-" ? [] : [expected]))
        #expect(market.positions.isEmpty == (expected != "-"))
    }

    @Test("a part of a position takes its part of the cost, and the last part the rest")
    func parts() throws {
        var market = try Make.market(balance: "100000")
        try market.submit(Make.order("a", .buy, "1"))
        _ = try market.step(Make.flat("3500"))
        try market.submit(Make.order("b", .buy, "2"))
        _ = try market.step(Make.flat("3501"))

        var profits: [String] = []
        for id in ["c", "d", "e"] {
            try market.submit(Make.order(id, .sell, "1"))
            for event in try market.step(Make.flat("3501")) {
                guard case .filled(let fill) = event else { continue }
                profits.append(fill.profit.description)
            }
        }

        // 105,020 for three lots: the parts add up to the gain of 10.
        #expect(profits == ["3.33333333", "3.33333334", "3.33333333"])
    }
}
