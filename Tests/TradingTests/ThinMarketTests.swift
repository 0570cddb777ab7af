// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import struct Quant.Execution
import Testing
import Trading

@Suite("Fills in parts, later and at an impact")
struct ThinMarketTests {
    /// An exchange that gives a tenth of each volume.
    private func tenth(
        waitingLimit: Int = 5,
        slippage: String = "0",
        latency: Int = 0,
        impact: Double = 0
    ) throws -> PaperExchange {
        PaperExchange(
            configuration: try Samples.configuration(
                slippage: slippage,
                waitingLimit: waitingLimit,
                execution: Execution(volumeShare: 0.1, latency: latency, impact: impact)
            )
        )
    }

    @Test("an entry is filled over as many opens as its share of the volume asks for")
    func entry() throws {
        var exchange = try tenth()
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))

        let first = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100", volume: 49))
        let none = try exchange.settle(at: Samples.day(2), prices: Samples.flat("101", volume: 9))
        let last = try exchange.settle(at: Samples.day(3), prices: Samples.flat("103", volume: 900))

        #expect(first.fills.map(\.quantity.description) == ["4"])
        #expect(none.isEmpty)
        #expect(last.fills.map(\.quantity.description) == ["6"])
        let lot = try #require(exchange.book.account.sortedLots.first)
        // (4 · 100 + 6 · 103) / 10
        #expect(lot.fill.price.description == "101.8" && lot.quantity.description == "10")
        #expect(lot.fill.time == Samples.day(1) && lot.sessionsHeld == 3)
        #expect(exchange.book.pending.isEmpty)
        #expect(exchange.book.account.cash.description == "98982")
    }

    @Test("the rest of an entry expires, and its part stays")
    func expiry() throws {
        var exchange = try tenth(waitingLimit: 2)
        for id in ["a", "b"] { _ = exchange.submit(try Samples.entry(id), at: Samples.stamp(0)) }

        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100", volume: 40))
        let events = try exchange.settle(at: Samples.day(2), prices: Samples.flat("100", volume: 0))

        let a = try OrderID("a")
        #expect(events.map(\.kind).contains(.restEnded(a, .thinMarket)))
        #expect(events.refusals == ["b": .thinMarket])
        #expect(exchange.book.account.sortedLots.map(\.quantity.description) == ["4"])
        #expect(exchange.book.pending.isEmpty)
    }

    @Test("what is left of a stop goes on at the next open")
    func stop() throws {
        var exchange = try tenth()
        let plan = try Samples.plan(stop: "90", target: "120")
        let order = try Samples.entry("a", plan: plan)
        _ = exchange.submit(order, at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100", volume: 80))

        let reached = try exchange.settle(
            at: Samples.day(2),
            prices: Samples.session("95", "96", "89", "92", volume: 50)
        )
        let rest = try exchange.settle(at: Samples.day(3), prices: Samples.flat("93", volume: 900))

        // Two more are filled at the open, and what is left of the volume goes to the stop.
        #expect(reached.fills.map(\.quantity.description) == ["2", "3"])
        #expect(reached.fills.map(\.price.description) == ["95", "90"])
        #expect(rest.fills.map(\.price.description) == ["93"])
        let trade = try #require(rest.trades.first)
        #expect(trade.quantity.description == "10" && trade.reason == .stop)
        // (8 · 100 + 2 · 95) / 10 and (3 · 90 + 7 · 93) / 10
        #expect(trade.entryPrice.description == "99" && trade.exitPrice.description == "92.1")
        #expect(trade.profit.description == "-69" && trade.sessionsHeld == 3)
        #expect(exchange.book.account.equity.description == "99931")
        #expect(exchange.book.pending.isEmpty)
    }

    @Test("a stop takes back what its entry still wants")
    func takenBack() throws {
        var exchange = try tenth()
        let order = try Samples.entry("a", plan: try Samples.plan(stop: "90"))
        _ = exchange.submit(order, at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100", volume: 40))

        let events = try exchange.settle(
            at: Samples.day(2),
            prices: Samples.session("91", "91", "80", "85", volume: 10)
        )

        #expect(events.fills.map(\.order.description) == ["a"])
        #expect(events.map(\.kind).contains(.restEnded(order.id, .leaving)))
        #expect(exchange.book.pending.keys.map(\.description) == ["a!stop"])
    }

    @Test("what is left of a target waits for its price and leaves at no open")
    func target() throws {
        var exchange = try tenth()
        let order = try Samples.entry("a", plan: try Samples.plan(stop: "50", target: "110"))
        _ = exchange.submit(order, at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100", volume: 900))

        let part = try exchange.settle(
            at: Samples.day(2),
            prices: Samples.session("100", "111", "99", "105", volume: 60)
        )
        let none = try exchange.settle(at: Samples.day(3), prices: Samples.flat("105", volume: 900))
        let rest = try exchange.settle(
            at: Samples.day(4),
            prices: Samples.session("106", "112", "99", "105", volume: 900)
        )

        #expect(part.fills.map(\.quantity.description) == ["6"] && part.trades.isEmpty)
        #expect(none.isEmpty)
        #expect(rest.fills.map(\.quantity.description) == ["4"])
        #expect(rest.trades.map(\.profit.description) == ["100"])
        #expect(exchange.book.pending.isEmpty)
    }

    @Test("a request to close everything is filled as a whole, whatever is traded")
    func closeAll() throws {
        var exchange = try tenth(latency: 2, impact: 0.5)
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        for day in 1...3 {
            _ = try exchange.settle(at: Samples.day(day), prices: Samples.flat("100", volume: 900))
        }

        exchange.closeAll(reason: "a person", at: Samples.stamp(3))
        let events = try exchange.settle(
            at: Samples.day(4),
            prices: Samples.flat("100", volume: 5)
        )

        #expect(events.trades.map(\.reason) == [.closeAll])
        #expect(events.fills.map(\.price.description) == ["100"])
        #expect(exchange.book.account.lots.isEmpty)
    }

    @Test("an exit of which a part was filled before everything was closed was not for nothing")
    func exitInPart() throws {
        var exchange = try tenth()
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100", volume: 900))
        _ = exchange.submit(try Samples.exit("b", of: "a"), at: Samples.stamp(1))
        _ = try exchange.settle(at: Samples.day(2), prices: Samples.flat("100", volume: 40))
        exchange.closeAll(reason: "a person", at: Samples.stamp(2))

        let closed = try exchange.settle(at: Samples.day(3), prices: Samples.flat("100", volume: 0))

        #expect(closed.trades.map(\.quantity.description) == ["10"])
        #expect(closed.fills.map(\.quantity.description) == ["6"])
        #expect(closed.map(\.kind).contains(.restEnded(try OrderID("b"), .lotClosed)))
        #expect(exchange.book.pending.isEmpty)
    }

    @Test("an order on its way is filled so many bars later, and a stop acts meanwhile")
    func latency() throws {
        var exchange = try tenth(latency: 2)
        let order = try Samples.entry("a", plan: try Samples.plan(stop: "90"))
        _ = exchange.submit(order, at: Samples.stamp(0))
        var filled: [Int] = []
        for day in 1...3 {
            let prices = try Samples.flat("\(100 + day)", volume: 900)
            let events = try exchange.settle(at: Samples.day(day), prices: prices)
            filled += events.fills.map { _ in day }
        }
        _ = exchange.submit(try Samples.exit("b", of: "a", day: 3), at: Samples.stamp(3))

        let stopped = try exchange.settle(
            at: Samples.day(4),
            prices: Samples.session("95", "96", "89", "92", volume: 900)
        )
        let late = try exchange.settle(at: Samples.day(5), prices: Samples.flat("92", volume: 900))

        #expect(filled == [3])
        #expect(stopped.trades.map(\.reason) == [.stop])
        #expect(late.refusals == ["b": .lotClosed])
    }

    @Test("a plan's own limits need the latency as well")
    func latencyOfPlans() throws {
        var exchange = try tenth(latency: 1)
        let order = try Samples.entry("a", plan: try Samples.plan(hold: 1))
        _ = exchange.submit(order, at: Samples.stamp(0))
        var closed: [Int] = []
        for day in 1...5 {
            let prices = try Samples.flat("100", volume: 900)
            let events = try exchange.settle(at: Samples.day(day), prices: prices)
            closed += events.trades.map { _ in day }
        }

        // Entered on the second day, decided at its close, and at the market a day late.
        #expect(closed == [4])
    }

    @Test("while an order is on its way, its plan sends no other")
    func oneOnItsWay() throws {
        var exchange = try tenth(latency: 2)
        let order = try Samples.entry("a", plan: try Samples.plan(hold: 2))
        _ = exchange.submit(order, at: Samples.stamp(0))
        for day in 1...3 {
            _ = try exchange.settle(at: Samples.day(day), prices: Samples.flat("100", volume: 900))
        }
        _ = exchange.submit(try Samples.exit("b", of: "a", day: 3), at: Samples.stamp(3))

        _ = try exchange.settle(at: Samples.day(4), prices: Samples.flat("100", volume: 900))

        #expect(exchange.book.account.lots.count == 1)
        #expect(exchange.book.pending.keys.map(\.description) == ["b"])
    }

    @Test("a liquidation closes what is held as a whole, and the rest of its entry is taken back")
    func liquidation() throws {
        var exchange = PaperExchange(
            configuration: try ExchangeConfiguration(
                capital: Samples.money("100.45"),
                contracts: ContractSamples.book(["BTC"], leverage: 10),
                execution: Execution(volumeShare: 0.1)
            )
        )
        let start = Samples.day(9_500)
        _ = exchange.ask(
            try ContractSamples.entry("a", .buy, "0.02", code: "BTC", asked: start)
        )
        func session(_ low: String, volume: Double) throws -> [InstrumentID: SessionPrices] {
            try Samples.session("100000", "100000", low, low, volume: volume, instrument: "BTC")
        }
        _ = try exchange.settle(
            at: start.adding(seconds: 60),
            prices: session("100000", volume: 0.1)
        )

        let events = try exchange.settle(
            at: start.adding(seconds: 120),
            prices: session("80000", volume: 0)
        )

        #expect(events.trades.map(\.reason) == [.liquidation])
        #expect(events.trades.map(\.quantity.description) == ["0.01"])
        #expect(events.map(\.kind).contains(.restEnded(try OrderID("a"), .leaving)))
        #expect(exchange.book.pending.isEmpty)
        #expect(try exchange.restored() == exchange)
    }

    @Test("a fill is worse by its part of the volume")
    func impact() throws {
        var exchange = try tenth(slippage: "0.001", impact: 0.5)
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))

        let events = try exchange.settle(
            at: Samples.day(1),
            prices: Samples.flat("100", volume: 400)
        )

        // 0.001 + 0.5 · 10 / 400
        #expect(events.fills.map(\.price.description) == ["101.35"])
    }

    @Test("a fill of more than the volume is no worse than one of all of it")
    func impactOfAll() throws {
        var exchange = PaperExchange(
            configuration: try Samples.configuration(execution: Execution(impact: 0.5))
        )
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100", volume: 4))

        #expect(events.fills.map(\.price.description) == ["150"])
    }

    @Test(
        "settings out of range are refused",
        arguments: [
            Execution(volumeShare: 0), Execution(volumeShare: 1.01), Execution(volumeShare: .nan),
            Execution(latency: -1), Execution(latency: 1001), Execution(impact: -0.1),
            Execution(impact: 1.1), Execution(impact: .nan),
        ]
    )
    func refused(execution: Execution) {
        #expect(throws: TradingError.self) { try Samples.configuration(execution: execution) }
        #expect(execution.fault != nil)
    }
}
