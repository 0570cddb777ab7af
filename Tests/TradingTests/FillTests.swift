// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Fills at the open")
struct FillTests {
    @Test("slippage, fees, cash and profit are right to the last digit")
    func lastDigit() throws {
        var exchange = PaperExchange(
            configuration: try Samples.configuration(fee: "0.0005", slippage: "0.001")
        )
        _ = exchange.submit(try Samples.entry("a", quantity: "10.5"), at: Samples.stamp(0))

        // 33.33 × 1.001 = 33.36333; × 10.5 = 350.314965; × 0.0005 = 0.1751574825.
        let bought = try exchange.settle(at: Samples.day(1), prices: Samples.flat("33.33"))
        let cash = exchange.book.account.cash
        _ = exchange.submit(
            try Samples.exit("b", of: "a", quantity: "10.5"),
            at: Samples.stamp(1)
        )
        // 35.01 × 0.999 = 34.97499; × 10.5 = 367.237395; × 0.0005 = 0.1836186975.
        let sold = try exchange.settle(at: Samples.day(2), prices: Samples.flat("35.01"))

        #expect(bought.fills.map(\.price.description) == ["33.36333"])
        #expect(bought.fills.map(\.fee.description) == ["0.17515748"])
        #expect(cash.description == "99649.50987752")
        #expect(sold.fills.map(\.fee.description) == ["0.1836187"])
        #expect(sold.trades.map(\.profit.description) == ["16.56365382"])
        #expect(sold.trades.map(\.fees.description) == ["0.35877618"])
        #expect(exchange.book.account.cash.description == "100016.56365382")
        #expect(exchange.book.account.realisedProfit.description == "16.56365382")
        #expect(exchange.book.account.equity == exchange.book.account.cash)
    }

    @Test("events are numbered without gaps and name the session")
    func numbering() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        for id in ["b", "a", "c"] {
            _ = exchange.submit(try Samples.entry(id), at: Samples.stamp(0))
        }

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        #expect(events.map(\.sequence) == [1, 2, 3])
        #expect(events.fills.map(\.order.description) == ["a", "b", "c"])
        #expect(events.allSatisfy { $0.time == Samples.day(1) })
    }

    @Test("cash goes to orders in the order of their ids, whatever came first")
    func insufficientCash() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration(capital: "1500"))
        for id in ["b", "a"] {
            _ = exchange.submit(try Samples.entry(id), at: Samples.stamp(0))
        }

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        #expect(events.fills.map(\.order.description) == ["a"])
        #expect(events.refusals == ["b": .insufficientCash])
    }

    @Test(
        "an entry may use the last unit of cash but not one more",
        arguments: ["1000.5", "1000.49"]
    )
    func exactCash(capital: String) throws {
        var exchange = PaperExchange(
            configuration: try Samples.configuration(capital: capital, fee: "0.0005")
        )
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        #expect(events.fills.count == (capital == "1000.5" ? 1 : 0))
    }

    @Test("an order submitted at a session's own time waits for the next")
    func sameTime() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a", day: 1), at: Samples.stamp(1))

        let first = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        let second = try exchange.settle(at: Samples.day(2), prices: Samples.flat("100"))

        #expect(first.isEmpty)
        #expect(second.fills.count == 1)
    }

    @Test("settling a time again, or an earlier one, does nothing", arguments: [0, 1, 2])
    func settledAlready(day: Int) throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(2), prices: Samples.flat("100"))
        let before = exchange

        let events = try exchange.settle(at: Samples.day(day), prices: Samples.flat("50"))

        #expect(events.isEmpty)
        #expect(exchange == before)
    }

    @Test("an entry without a price waits and then expires")
    func expiry() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration(waitingLimit: 2))
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))

        let first = try exchange.settle(at: Samples.day(1), prices: [:])
        let second = try exchange.settle(at: Samples.day(2), prices: [:])

        #expect(first.isEmpty)
        #expect(second.refusals == ["a": .noPrice])
        #expect(exchange.book.pending.isEmpty)
    }

    @Test("an exit without a price never expires")
    func exitsWait() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration(waitingLimit: 1))
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        _ = exchange.submit(try Samples.exit("b", of: "a"), at: Samples.stamp(1))
        for day in 2..<9 { _ = try exchange.settle(at: Samples.day(day), prices: [:]) }

        let events = try exchange.settle(at: Samples.day(9), prices: Samples.flat("90"))

        #expect(events.trades.map(\.sessionsHeld) == [1])
        #expect(events.trades.map(\.profit.description) == ["-100"])
    }

    @Test("a short sale gains when the price falls and sets its collateral aside")
    func shortSale() throws {
        var exchange = PaperExchange(
            configuration: try Samples.configuration(capital: "1500", allowsShortSales: true)
        )
        _ = exchange.submit(try Samples.entry("a", .sell), at: Samples.stamp(0))
        _ = exchange.submit(try Samples.entry("b", .sell), at: Samples.stamp(0))

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        let account = exchange.book.account
        _ = exchange.submit(try Samples.exit("c", of: "a", .buy), at: Samples.stamp(1))
        let closed = try exchange.settle(at: Samples.day(2), prices: Samples.flat("80"))

        #expect(events.refusals == ["b": .insufficientCash])
        #expect(account.cash.description == "2500")
        #expect(account.freeCash.description == "500")
        #expect(account.equity.description == "1500")
        #expect(account.positions.map(\.quantity.description) == ["-10"])
        #expect(closed.trades.map(\.profit.description) == ["200"])
    }

    @Test("short sales are refused unless allowed")
    func noShortSales() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())

        let answer = exchange.submit(try Samples.entry("a", .sell), at: Samples.stamp(0))

        #expect(answer == .rejected(.shortSalesOff))
    }

    @Test("an entry whose plan the open has broken is refused", arguments: ["89", "90", "110"])
    func brokenPlan(open: String) throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        let plan = try Samples.plan(stop: "90", target: "110")
        _ = exchange.submit(try Samples.entry("a", plan: plan), at: Samples.stamp(0))

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat(open))

        #expect(events.refusals == ["a": .planBroken])
    }

    @Test("an order too large to reckon is refused and stops nobody else")
    func tooLarge() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a", quantity: "1000000000"), at: Samples.stamp(0))
        _ = exchange.submit(try Samples.entry("b"), at: Samples.stamp(0))

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        #expect(events.refusals == ["a": .tooLarge])
        #expect(events.fills.map(\.order.description) == ["b"])
    }

    @Test("prices that would overflow the account are refused and change nothing")
    func absurdPrices() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration(capital: "1000000"))
        _ = exchange.submit(
            try Samples.entry("a", quantity: "100000000"),
            at: Samples.stamp(0)
        )
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("0.001"))
        let before = exchange

        let error = #expect(throws: TradingError.self) {
            try exchange.settle(
                at: Samples.day(2),
                prices: Samples.session("1", "1000000", "1", "1")
            )
        }

        #expect(error?.code == .outOfRange)
        #expect(exchange == before)
        #expect(before.book.account.lots.count == 1)
    }

    @Test("the equity curve has a point per session with the drawdown from the peak")
    func equityCurve() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration(capital: "1000"))
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        for (day, price) in [(1, "100"), (2, "120"), (3, "90")] {
            _ = try exchange.settle(at: Samples.day(day), prices: Samples.flat(price))
        }

        let curve = exchange.equityCurve()

        #expect(curve.map(\.equity.description) == ["1000", "1200", "900"])
        #expect(curve.map(\.drawdown.description) == ["0", "0", "0.25"])
        #expect(exchange.book.account.peak.description == "1200")
        #expect(exchange.book.account.grossExposure.description == "900")
    }
}
