// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

private typealias Make = ContractSamples

@Suite("Locked markets and settlement prices on the paper exchange")
struct LockedMarketTests {
    private static let days = [
        "2024-12-16", "2024-12-17", "2024-12-18", "2024-12-19", "2024-12-20", "2024-12-23",
        "2024-12-24", "2024-12-25", "2024-12-26",
    ]

    /// An exchange and the sessions that it has settled, one a day.
    private struct Scene {
        var exchange: PaperExchange
        var day = 0

        init(capital: String = "100000", slippage: String = "0") throws {
            exchange = try Make.exchange("rb2505", capital: capital, slippage: slippage)
            try pass("3500")
        }

        var time: Instant {
            get throws { try Make.shanghai("\(LockedMarketTests.days[day])T15:00") }
        }

        /// A session that opens, or stays, at a price.
        @discardableResult
        mutating func pass(
            _ open: String,
            high: String? = nil,
            low: String? = nil,
            close: String? = nil,
            down: String? = nil,
            up: String? = nil,
            settlement: String? = nil
        ) throws -> [String] {
            day += 1
            let prices = try SessionPrices(
                open: Samples.decimal(open),
                high: Samples.decimal(high ?? open),
                low: Samples.decimal(low ?? open),
                close: Samples.decimal(close ?? open),
                limitUp: try up.map { try InstrumentTests.price($0) },
                limitDown: try down.map { try InstrumentTests.price($0) },
                settlement: try settlement.map { try InstrumentTests.price($0) }
            )
            let told = try exchange.settle(
                at: time,
                prices: [try InstrumentID("rb2505"): prices]
            ).told.filter { !$0.contains("settled at") }
            #expect(try exchange.restored() == exchange)
            return told
        }

        mutating func enter(_ side: Side = .buy, stop: String? = nil, target: String? = nil) throws
        {
            _ = exchange.ask(
                try Make.entry("a", side, asked: time, stop: stop, target: target)
            )
        }
    }

    @Test("a purchase waits while the market is locked at its upper limit, and then is filled")
    func entry() throws {
        var scene = try Scene()
        try scene.enter()

        let locked = try scene.pass("3600", down: "3400", up: "3600")
        let touched = try scene.pass("3700", high: "3700", low: "3690", down: "3500", up: "3700")

        #expect(locked == ["a is pending at the limit"])
        #expect(touched == ["a buy 2@3700 7.4"])
    }

    @Test("a market that is locked at its lower limit sells to whoever buys")
    func otherSide() throws {
        var scene = try Scene()
        try scene.enter()

        #expect(try scene.pass("3400", down: "3400", up: "3600") == ["a buy 2@3400 6.8"])
    }

    @Test("an entry that stays locked out expires, and says why")
    func expires() throws {
        var scene = try Scene()
        try scene.enter(.sell)

        var told: [String] = []
        for price in ["3400", "3300", "3200", "3100", "3000"] {
            told = try scene.pass(price, down: price, up: "3600")
        }

        #expect(
            told == [
                "a is pending at the limit", "a: locked at the limit for too many sessions",
            ]
        )
        #expect(scene.exchange.book.pending.isEmpty)
    }

    @Test("a stop in a locked market is told as pending, and leaves at the next open it can")
    func stop() throws {
        var scene = try Scene(slippage: "0.001")
        try scene.enter(stop: "3430")
        try scene.pass("3500")

        let reached = try scene.pass("3400", down: "3400", up: "3600")
        let still = try scene.pass("3300", down: "3300", up: "3500")
        let free = try scene.pass("3600", down: "3500", up: "3600")

        #expect(reached == ["a!stop is pending at the limit"])
        #expect(still == ["a!stop is pending at the limit"])
        // Above the stop, and less slippage.
        #expect(free.first == "a!stop sell 2@3596 7.192")
        #expect(scene.exchange.events.trades.map(\.reason) == [.stop])
        #expect(scene.exchange.events.trades.map(\.sessionsHeld) == [4])
    }

    @Test("slippage does not lead beyond the limits")
    func capped() throws {
        var scene = try Scene(slippage: "0.01")
        try scene.enter(stop: "3430")

        let bought = try scene.pass("3500", high: "3510", low: "3490", down: "3400", up: "3520")
        let sold = try scene.pass("3500", high: "3500", low: "3410", down: "3410", up: "3600")

        #expect(bought == ["a buy 2@3520 7.04"])
        #expect(sold.first == "a!stop sell 2@3410 6.82")
    }

    @Test("a target in a locked market is told and looked at again")
    func target() throws {
        var scene = try Scene()
        try scene.enter(target: "3600")
        try scene.pass("3500")

        let locked = try scene.pass("3650", down: "3650", up: "3700")
        let below = try scene.pass("3590", down: "3500", up: "3700")
        let reached = try scene.pass("3610", down: "3500", up: "3700")

        #expect(locked == ["a!target is pending at the limit"])
        #expect(below.isEmpty)
        #expect(reached.first == "a!target sell 2@3610 7.22")
    }

    @Test("an exit that waits is not joined by a stop, and leaves under its own reason")
    func exit() throws {
        var scene = try Scene()
        try scene.enter(stop: "3430")
        try scene.pass("3500")
        _ = scene.exchange.ask(try Make.exit("b", of: "a", asked: scene.time))

        let locked = try scene.pass("3400", down: "3400", up: "3600")
        let free = try scene.pass("3390", down: "3300", up: "3500")

        #expect(locked == ["b is pending at the limit"])
        #expect(free == ["b sell 2@3390 6.78", "a made -2213.78"])
        #expect(scene.exchange.events.trades.map(\.reason) == [.exit])
    }

    @Test("what closes everything waits for a market that is locked")
    func closing() throws {
        var scene = try Scene()
        try scene.enter()
        try scene.pass("3500")
        scene.exchange.closeAll(reason: "enough", at: Stamp(time: try scene.time, round: 1))

        let locked = try scene.pass("3400", down: "3400", up: "3600")
        let free = try scene.pass("3390", down: "3300", up: "3500")

        #expect(locked == ["a!closeAll is pending at the limit"])
        #expect(free.first == "a!closeAll sell 2@3390 6.78")
    }

    @Test("a margin call in a locked market is carried over, and everything else is refused")
    func marginCall() throws {
        var scene = try Scene(capital: "5000")
        try scene.enter()
        try scene.pass("3500")

        let called = try scene.pass("3480", settlement: "3480")
        let locked = try scene.pass("3300", down: "3300", up: "3600")
        let free = try scene.pass("3310")

        #expect(called == ["279 missing"])
        #expect(locked == ["a!marginCall is pending at the limit", "3627 missing"])
        #expect(free.first == "a!marginCall sell 2@3310 6.62")
    }

    @Test("a day is settled at the settlement price: cash, equity, margin and the call for it")
    func settlement() throws {
        var scene = try Scene()
        try scene.enter()

        try scene.pass("3500", high: "3540", low: "3495", close: "3530", settlement: "3520")
        let account = scene.exchange.book.account
        try scene.pass("3530", high: "3540", low: "3500", close: "3510", settlement: "3515")

        #expect(account.cash.description == "100393")
        #expect(account.equity.description == "100393")
        // 3520 · 10 · 2 · 7 %.
        #expect(account.requiredMargin.description == "4928")
        #expect(scene.exchange.book.account.cash.description == "100293")
        #expect(scene.exchange.equityCurve().last?.equity.description == "100293")
    }

    /// A session of rebar from an open to a close, with a settlement price.
    private func settled(
        _ open: String,
        _ close: String,
        _ settlement: String
    ) throws -> [InstrumentID: SessionPrices] {
        let session = try SessionPrices(
            open: Samples.decimal(open),
            high: Samples.decimal(close),
            low: Samples.decimal(open),
            close: Samples.decimal(close),
            settlement: InstrumentTests.price(settlement)
        )
        return [try InstrumentID("rb2505"): session]
    }

    @Test("a settlement price within a day is not used")
    func withinDay() throws {
        var exchange = try Make.exchange("rb2505", capital: "100000")
        _ = exchange.ask(try Make.entry("a", asked: Make.shanghai("2024-12-17T15:00")))

        _ = try exchange.settle(
            at: Make.shanghai("2024-12-18T11:30"),
            prices: settled("3500", "3500", "3400")
        )

        #expect(exchange.book.account.equity.description == "99993")
        #expect(exchange.events.told == ["a buy 2@3500 7"])
    }

    @Test("a day whose last bar is missing is settled at its last price, not at a later day's")
    func dayBefore() throws {
        var exchange = try Make.exchange("rb2505", capital: "100000")
        _ = exchange.ask(try Make.entry("a", asked: Make.shanghai("2024-12-17T15:00")))

        _ = try exchange.settle(
            at: Make.shanghai("2024-12-18T11:30"),
            prices: Make.flat("3510")
        )
        let events = try exchange.settle(
            at: Make.shanghai("2024-12-19T15:00"),
            prices: settled("3500", "3560", "3540")
        )

        #expect(events.told == ["rb2505 settled at 3510: 0", "rb2505 settled at 3540: 600"])
    }

    @Test("a settlement price beyond what can be reckoned is refused, and nothing changes")
    func tooFar() throws {
        var scene = try Scene()
        try scene.enter()
        try scene.pass("3500")
        let before = scene.exchange

        let error = #expect(throws: TradingError.self) {
            try scene.pass("3500", settlement: "1000000000")
        }

        #expect(error?.code == .outOfRange)
        #expect(scene.exchange == before)
    }

    @Test("prices beyond the limits of the day are no session")
    func contradiction() throws {
        for (up, down, settlement) in [
            ("3490", "3400", "3450"), ("3600", "3510", "3550"), ("3600", "3400", "3610"),
            ("3600", "3400", "3390"),
        ] {
            let error = #expect(throws: TradingError.self) {
                try SessionPrices(
                    open: Samples.decimal("3500"),
                    high: Samples.decimal("3500"),
                    low: Samples.decimal("3500"),
                    close: Samples.decimal("3500"),
                    limitUp: InstrumentTests.price(up),
                    limitDown: InstrumentTests.price(down),
                    settlement: InstrumentTests.price(settlement)
                )
            }
            #expect(error?.code == .invalidSession)
        }
    }

    @Test("what is pending at the limit travels as it is")
    func message() throws {
        let event = Event(
            sequence: 7,
            time: try Make.shanghai("2024-12-18T15:00"),
            kind: .pendingAtLimit(try OrderID(anyKind: "a!stop"))
        )

        let again = try Event(MessageReader(event.json, path: "event"))

        #expect(again == event)
        #expect(event.json["kind"] == "pendingAtLimit" && event.json["order"] == "a!stop")
    }
}
