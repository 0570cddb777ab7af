// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Fills of a market on paper")
struct MarketFillTests {
    private typealias Make = MarketSamples

    @Test(
        "a limit is filled at its price or a better open, a stop at its price or a worse one",
        arguments: [
            (Side.buy, "limit", "3490", ["3500", "3510", "3491", "3500"], "-"),
            (.buy, "limit", "3490", ["3500", "3510", "3490", "3500"], "3490"),
            (.buy, "limit", "3490", ["3480", "3510", "3470", "3500"], "3480"),
            (.sell, "limit", "3510", ["3500", "3509", "3490", "3500"], "-"),
            (.sell, "limit", "3510", ["3500", "3510", "3490", "3500"], "3510"),
            (.sell, "limit", "3510", ["3520", "3530", "3500", "3510"], "3520"),
            (.buy, "stop", "3510", ["3500", "3509", "3490", "3500"], "-"),
            (.buy, "stop", "3510", ["3500", "3511", "3490", "3500"], "3512"),
            (.buy, "stop", "3510", ["3520", "3530", "3500", "3510"], "3522"),
            (.sell, "stop", "3490", ["3500", "3510", "3490", "3500"], "3488"),
            (.sell, "stop", "3490", ["3480", "3500", "3470", "3490"], "3478"),
            (.buy, "market", "0", ["3500", "3510", "3490", "3500"], "3502"),
        ]
    )
    func kinds(side: Side, kind: String, price: String, bar: [String], expected: String) throws {
        var market = try Make.market(rules: MarketRules(slippage: .ticks(2)))
        let kind: MarketOrder.Kind =
            switch kind {
            case "limit": .limit(try InstrumentTests.price(price))
            case "stop": .stop(try InstrumentTests.price(price))
            default: .market
            }
        try market.submit(Make.order("a", side, "2", kind))

        let events = try market.step(Make.bar(bar[0], bar[1], bar[2], bar[3]))

        #expect(events.fills == (expected == "-" ? [] : ["a \(side.rawValue) 2@\(expected)"]))
        #expect(market.openOrders.isEmpty == (expected != "-"))
    }

    @Test(
        "a slippage by share or by volume is rounded to the tick, against the trader",
        arguments: [
            (SlippageModel.none, "3500", "3500"),
            (.share(Decimal8(units: 10_000)), "3501", "3499"),
            (.ticks(3), "3503", "3497"),
            (.impact(Decimal8(units: 10_000_000)), "3507", "3493"),
        ]
    )
    func slippage(model: SlippageModel, bought: String, sold: String) throws {
        for (side, expected) in [(Side.buy, bought), (.sell, sold)] {
            var market = try Make.market(rules: MarketRules(slippage: model))
            try market.submit(Make.order("a", side))

            // Two lots of a hundred are a fiftieth of the volume.
            let events = try market.step(
                Make.bar("3500", "3510", "3490", "3500", volume: "100")
            )

            #expect(events.fills == ["a \(side.rawValue) 2@\(expected)"])
        }
    }

    @Test("a fill takes its share of the volume and the rest waits")
    func partialFills() throws {
        let rules = try MarketRules(volumeShare: Samples.decimal("0.1"))
        var market = try Make.market(rules: rules)
        try market.submit(Make.order("a", .buy, "5"))

        let fills = try ["25", "9", "1000"].map { volume in
            try market.step(Make.bar("3500", "3510", "3490", "3500", volume: volume)).fills
        }

        #expect(fills == [["a buy 2@3500"], [], ["a buy 3@3500"]])
        #expect(market.positions.values.map(\.quantity.description) == ["5"])
    }

    @Test("an order reaches the market after the latency", arguments: [0, 1, 3])
    func latency(steps: Int) throws {
        var market = try Make.market(rules: MarketRules(latency: steps))
        try market.submit(Make.order("a"))

        let filled = try (0..<5).map { _ in try !market.step(Make.flat("3500")).fills.isEmpty }

        #expect(filled.firstIndex(of: true) == steps)
        #expect(filled.count { $0 } == 1)
    }

    @Test("the same order twice is one, and a cancelled one is not filled")
    func twice() throws {
        var market = try Make.market()
        try market.submit(Make.order("a"))
        try market.submit(Make.order("a"))
        try market.submit(Make.order("b"))
        let ended = market.cancel(try OrderID("b"))

        let events = try market.step(Make.flat("3500"))
        try market.submit(Make.order("a"))
        let later = try market.step(Make.flat("3500"))
        let again = market.cancel(try OrderID("b"))

        #expect(ended.endings == ["b: cancelled"])
        #expect(events.fills == ["a buy 2@3500"])
        #expect(later.isEmpty && again.isEmpty)
    }

    @Test(
        "exits come with the entry, and one of them takes the other back",
        arguments: [
            (["3500", "3540", "3470", "3500"], "stop", "3479"),
            (["3500", "3530", "3490", "3500"], "target", "3530"),
            (["3460", "3470", "3450", "3460"], "stop", "3459"),
            (["3550", "3560", "3540", "3550"], "target", "3550"),
            (["3500", "3529", "3481", "3500"], "-", "-"),
        ]
    )
    func bracket(bar: [String], exit: String, price: String) throws {
        var market = try Make.market(rules: MarketRules(slippage: .ticks(1)))
        try market.submit(Make.order("a", stop: "3480", target: "3530"))
        let entered = try market.step(Make.flat("3500"))

        let events = try market.step(Make.bar(bar[0], bar[1], bar[2], bar[3]))

        #expect(entered.fills == ["a buy 2@3501"])
        guard exit != "-" else {
            #expect(events.isEmpty)
            #expect(market.openOrders.map(\.description) == ["a!stop", "a!target"])
            return
        }
        let other = exit == "stop" ? "target" : "stop"
        #expect(events.fills == ["a!\(exit) sell 2@\(price)"])
        #expect(events.endings == ["a!\(other): the other exit was filled"])
        #expect(market.positions.isEmpty && market.openOrders.isEmpty)
    }

    @Test("what is protected is what is filled")
    func partialProtection() throws {
        let rules = try MarketRules(volumeShare: Samples.decimal("0.1"))
        var market = try Make.market(rules: rules)
        try market.submit(Make.order("a", .buy, "5", stop: "3480"))
        _ = try market.step(Make.bar("3500", "3510", "3490", "3500", volume: "20"))
        _ = market.cancel(try OrderID("a"))

        let first = try market.step(Make.bar("3490", "3495", "3470", "3475", volume: "15"))
        let second = try market.step(Make.bar("3471", "3480", "3470", "3475", volume: "15"))

        // What could not be sold at the stop is sold at the next open, whatever that is.
        #expect(first.fills == ["a!stop sell 1@3480"])
        #expect(second.fills == ["a!stop sell 1@3471"])
        #expect(market.positions.isEmpty && market.openOrders.isEmpty)
    }

    @Test("an entry within a step may be stopped in it but reaches no target")
    func entryWithinStep() throws {
        let limit = MarketOrder.Kind.limit(try InstrumentTests.price("3490"))
        var first = try Make.market()
        var second = try Make.market()
        try first.submit(Make.order("a", .buy, "2", limit, stop: "3480", target: "3505"))
        try second.submit(Make.order("a", .buy, "2", limit, stop: "3480", target: "3505"))

        let stopped = try first.step(Make.bar("3500", "3510", "3480", "3500"))
        let held = try second.step(Make.bar("3500", "3510", "3481", "3500"))

        #expect(stopped.fills == ["a buy 2@3490", "a!stop sell 2@3480"])
        #expect(held.fills == ["a buy 2@3490"])
    }

    @Test("an order that only reduces never turns a position")
    func reducesOnly() throws {
        var market = try Make.market()
        try market.submit(Make.order("a", .buy, "2", stop: "3400"))
        _ = try market.step(Make.flat("3500"))
        try market.submit(Make.order("b", .sell, "5", reducesOnly: true))
        let events = try market.step(Make.flat("3510"))
        try market.submit(Make.order("c", .sell, "1", reducesOnly: true))
        let later = try market.step(Make.flat("3510"))

        #expect(events.fills == ["b sell 2@3510"])
        #expect(later.fills.isEmpty && later.endings == ["c: nothing to reduce"])
        #expect(market.positions.isEmpty && market.openOrders.isEmpty)
    }

    @Test("the exits shrink with the position")
    func shrinking() throws {
        var market = try Make.market()
        try market.submit(Make.order("a", .buy, "4", stop: "3480", target: "3530"))
        _ = try market.step(Make.flat("3500"))
        try market.submit(Make.order("b", .sell, "3", reducesOnly: true))
        _ = try market.step(Make.flat("3500"))

        let events = try market.step(Make.bar("3500", "3500", "3470", "3480"))

        #expect(events.fills == ["a!stop sell 1@3480"])
        #expect(market.positions.isEmpty)
    }

    @Test("at a locked limit nobody buys, and a stop is pending and not closed")
    func lockedLimit() throws {
        var market = try Make.market()
        try market.submit(Make.order("a", .sell, "2", stop: "3550", target: "3400"))
        _ = try market.step(Make.flat("3500"))
        try market.submit(Make.order("b", .buy))
        try market.submit(Make.order("c", .sell, "1"))

        let limits = ("3300", "3600")
        let locked = try market.step(Make.bar("3600", "3600", "3600", "3600", limits: limits))
        let free = try market.step(Make.bar("3590", "3600", "3580", "3590", limits: limits))

        #expect(locked.fills == ["c sell 1@3600"])
        #expect(locked.pending == ["a!stop"])
        #expect(free.fills == ["b buy 2@3590", "a!stop buy 1@3590"])
        #expect(market.openOrders.isEmpty)
    }

    @Test("slippage does not lead beyond the day's limits")
    func limitBounds() throws {
        var market = try Make.market(rules: MarketRules(slippage: .ticks(9)))
        try market.submit(Make.order("a", .buy))

        let events = try market.step(
            Make.bar("3595", "3600", "3590", "3595", limits: ("3300", "3600"))
        )

        #expect(events.fills == ["a buy 2@3600"])
    }

    @Test("an order off the grid or of something else is refused")
    func refused() throws {
        var market = try Make.market()
        let half = MarketOrder.Kind.limit(try InstrumentTests.price("3500.5"))
        let orders = [
            try Make.order("a", .buy, "1.5"), try Make.order("b", .buy, "1", half),
            try Make.order("c", .buy, "1", stop: "3400.5"), try Make.order("d", code: "hc2505"),
        ]

        for order in orders {
            #expect(throws: TradingError.self) { try market.submit(order) }
        }
        #expect(market.openOrders.isEmpty)
        #expect(throws: TradingError.self) { try Make.order("e", stop: "3500", target: "3400") }
        #expect(throws: TradingError.self) { try Make.order("f", reducesOnly: true, stop: "3400") }
    }

    @Test("rules make sense")
    func wrongRules() throws {
        for make in [
            { try MarketRules(volumeShare: .zero) }, { try MarketRules(volumeShare: Decimal8(2)) },
            { try MarketRules(latency: -1) }, { try MarketRules(leverage: 0) },
            { try MarketRules(slippage: .share(Decimal8(-1))) },
            { try MarketRules(slippage: .ticks(-1)) },
        ] {
            let error = #expect(throws: TradingError.self) { try make() }
            #expect(error?.code == .invalidConfiguration)
        }
    }
}
