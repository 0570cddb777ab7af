// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Contracts on the paper exchange")
struct ContractExchangeTests {
    private typealias Make = ContractSamples

    @Test("two lots of steel bring what the table says, over a night and a settlement")
    func steel() throws {
        var exchange = try Make.exchange("rb2505", capital: "100000")
        let days = try ["2024-12-17", "2024-12-18", "2024-12-19"].map {
            try Make.shanghai("\($0)T15:00")
        }
        _ = try exchange.settle(at: days[0], prices: Make.flat("3490"))
        _ = exchange.ask(try Make.entry("a", asked: days[0]))

        let bought = try exchange.settle(
            at: days[1],
            prices: Samples.session("3500", "3540", "3495", "3530", instrument: "rb2505")
        )
        let account = exchange.book.account
        _ = exchange.ask(try Make.exit("b", of: "a", asked: days[1]))
        let sold = try exchange.settle(at: days[2], prices: Make.flat("3550"))

        #expect(bought.told == ["a buy 2@3500 7", "rb2505 settled at 3530: 600"])
        #expect(account.cash.description == "100593")
        #expect(account.equity.description == "100593")
        // 3530 · 10 · 2 · 7 %.
        #expect(account.requiredMargin.description == "4942")
        #expect(account.freeCash.description == "95651")
        #expect(sold.told == ["b sell 2@3550 7.1", "a made 985.9"])
        #expect(exchange.book.account.cash.description == "100985.9")
        #expect(exchange.book.account.equity.description == "100985.9")
    }

    @Test("an entry beyond the margin is refused, one on the last yuan is not")
    func margin() throws {
        for (capital, isFilled) in [("4907", true), ("4906.99", false)] {
            var exchange = try Make.exchange("rb2505", capital: capital)
            let day = try Make.shanghai("2024-12-18T15:00")
            _ = exchange.ask(try Make.entry("a", asked: day))

            let events = try exchange.settle(
                at: Make.shanghai("2024-12-19T15:00"),
                prices: Make.flat("3500")
            )

            #expect(events.told.contains("a buy 2@3500 7") == isFilled)
            #expect(events.told.contains("a: insufficient margin") != isFilled)
        }
    }

    @Test(
        "closing on the same trading day has its own fee, a night counts to the next day",
        arguments: [
            ("2024-12-18T14:00", "2024-12-18T14:30", "0"),
            ("2024-12-18T22:00", "2024-12-19T09:30", "0"),
            ("2024-12-20T22:00", "2024-12-23T14:00", "0"),
            ("2024-12-18T14:00", "2024-12-18T22:00", "6"),
            ("2024-12-18T14:00", "2024-12-19T09:30", "6"),
        ]
    )
    func closeToday(entered: String, left: String, fee: String) throws {
        var exchange = try Make.exchange("ru2505")
        let start = try Make.shanghai("2024-12-17T15:00")
        _ = exchange.ask(try Make.entry("a", code: "ru2505", asked: start))
        let opened = try Make.shanghai(entered)
        _ = try exchange.settle(at: opened, prices: Make.flat("17000", code: "ru2505"))
        _ = exchange.ask(try Make.exit("b", of: "a", code: "ru2505", asked: opened))

        let events = try exchange.settle(
            at: Make.shanghai(left),
            prices: Make.flat("17000", code: "ru2505")
        )

        #expect(events.fills.last?.fee.description == fee)
        #expect(try exchange.restored() == exchange)
    }

    @Test("in Shanghai the cheaper lots are closed first, whoever opened them")
    func cheaperFirst() throws {
        var exchange = try Make.exchange("ru2505")
        let days = try ["2024-12-17T15:00", "2024-12-18T15:00", "2024-12-19T14:00"].map {
            try Make.shanghai($0)
        }
        _ = exchange.ask(try Make.entry("a", code: "ru2505", asked: days[0]))
        _ = try exchange.settle(at: days[1], prices: Make.flat("17000", code: "ru2505"))
        _ = exchange.ask(try Make.entry("b", code: "ru2505", asked: days[1]))
        _ = try exchange.settle(at: days[2], prices: Make.flat("17000", code: "ru2505"))
        _ = exchange.ask(try Make.exit("x", of: "a", code: "ru2505", asked: days[2]))
        _ = exchange.ask(try Make.exit("y", of: "b", code: "ru2505", asked: days[2]))

        let events = try exchange.settle(
            at: Make.shanghai("2024-12-19T14:30"),
            prices: Make.flat("17000", code: "ru2505")
        )

        // Closing today's costs nothing, so the first exit takes them.
        #expect(events.fills.map(\.fee.description) == ["0", "6"])
        #expect(try exchange.restored() == exchange)
    }

    @Test("a day whose last bar nobody had is settled before the next one trades")
    func lateSettlement() throws {
        var exchange = try Make.exchange("rb2505")
        _ = exchange.ask(try Make.entry("a", asked: try Make.shanghai("2024-12-17T15:00")))
        _ = try exchange.settle(
            at: Make.shanghai("2024-12-18T14:00"),
            prices: Make.flat("3500")
        )
        _ = try exchange.settle(
            at: Make.shanghai("2024-12-18T14:30"),
            prices: Make.flat("3510")
        )

        let night = try exchange.settle(
            at: Make.shanghai("2024-12-18T22:00"),
            prices: Make.flat("3520")
        )

        #expect(night.told == ["rb2505 settled at 3510: 200"])
        #expect(try night.map(\.time) == [Make.shanghai("2024-12-18T14:30")])
        #expect(try exchange.restored() == exchange)
        let more = try exchange.settle(
            at: Make.shanghai("2024-12-18T22:30"),
            prices: Make.flat("3520")
        )
        #expect(more.isEmpty)
    }

    @Test("a margin call closes everything at the next open and lets nothing in")
    func marginCall() throws {
        var exchange = try Make.exchange("rb2505", capital: "5000")
        let days = try ["2024-12-17", "2024-12-18", "2024-12-19", "2024-12-20"].map {
            try Make.shanghai("\($0)T15:00")
        }
        _ = exchange.ask(try Make.entry("a", asked: days[0]))
        _ = try exchange.settle(at: days[1], prices: Make.flat("3500"))
        let called = try exchange.settle(
            at: days[2],
            prices: Samples.session("3480", "3490", "3470", "3480", instrument: "rb2505")
        )
        _ = exchange.ask(try Make.entry("b", .buy, "1", asked: days[2]))
        let waiting = try exchange.restored()

        let forced = try exchange.settle(at: days[3], prices: Make.flat("3470"))

        // 5000 − 7 − 400 are there and 4872 are needed.
        #expect(called.told == ["rb2505 settled at 3480: -400", "279 missing"])
        #expect(
            forced.told == [
                "a!marginCall sell 2@3470 6.94", "a made -613.94",
                "b: a margin call closes everything",
            ]
        )
        #expect(forced.trades.map(\.reason) == [.marginCall])
        #expect(exchange.book.account.lots.isEmpty)
        var other = waiting
        #expect(try other.settle(at: days[3], prices: Make.flat("3470")) == forced)
    }

    @Test("slippage and levels lie on the grid, rounded against the trader")
    func grid() throws {
        var exchange = try Make.exchange("rb2505", slippage: "0.0001")
        let days = try ["2024-12-17", "2024-12-18"].map { try Make.shanghai("\($0)T15:00") }
        _ = exchange.ask(
            try Make.entry("a", asked: days[0], stop: "3449.5", target: "3600.5")
        )
        _ = exchange.ask(
            try Make.entry("b", .sell, asked: days[0], stop: "3600.5", target: "3449.5")
        )

        let events = try exchange.settle(at: days[1], prices: Make.flat("3500"))

        let lots = exchange.book.account.sortedLots
        #expect(events.fills.map(\.price.description) == ["3501", "3499"])
        #expect(lots.map { $0.stop?.description } == ["3449", "3601"])
        #expect(lots.map { $0.target?.description } == ["3600", "3450"])
    }

    @Test("a perpetual future pays an hour at a time, for the hours that have passed")
    func funding() throws {
        var exchange = try Make.exchange("BTC", capital: "100000", premium: "0.001")
        let start = try #require(Instant("2025-12-01T00:00:00Z"))
        _ = try exchange.settle(at: start, prices: Make.flat("100000", code: "BTC"))
        _ = exchange.ask(try Make.entry("a", .buy, "0.01", code: "BTC", asked: start))

        let events = try exchange.settle(
            at: start.adding(seconds: 3 * 3600),
            prices: Make.flat("100000", code: "BTC")
        )
        let none = try exchange.settle(
            at: start.adding(seconds: 3 * 3600 + 1800),
            prices: Make.flat("100000", code: "BTC")
        )

        // 0.01 · 100,000 · 0.0625 % / 10 an hour.
        #expect(events.told == ["a buy 0.01@100000 0.45", "a funded -0.1875"])
        #expect(none.isEmpty)
        #expect(exchange.book.account.cash.description == "99999.3625")
        #expect(try exchange.restored() == exchange)
    }

    @Test(
        "a tenfold position is liquidated where the tables say",
        arguments: [
            (Side.buy, "91139.24050633", "91139", ["100000", "100000", "91100", "95000"]),
            (.sell, "108641.97530864", "108642", ["100000", "108700", "100000", "105000"]),
        ]
    )
    func liquidation(side: Side, at exact: String, filled: String, bar: [String]) throws {
        var exchange = try Make.exchange("BTC", capital: "100.45", leverage: 10)
        let start = try #require(Instant("2025-12-01T00:00:00Z"))
        let next = start.adding(seconds: 60)
        _ = exchange.ask(try Make.entry("a", side, "0.01", code: "BTC", asked: start))
        _ = try exchange.settle(at: next, prices: Make.flat("100000", code: "BTC"))
        let account = exchange.book.account

        let events = try exchange.settle(
            at: next.adding(seconds: 60),
            prices: Samples.session(bar[0], bar[1], bar[2], bar[3], instrument: "BTC")
        )

        #expect(account.requiredMargin.description == "100")
        #expect(account.equity.description == "100")
        #expect(
            account.liquidationPrice(of: try InstrumentID("BTC"))?.description == exact
        )
        #expect(events.trades.map(\.reason) == [.liquidation])
        #expect(events.fills.map(\.price.description) == [filled])
        #expect(exchange.book.account.lots.isEmpty)
    }

    @Test("a gap beyond the liquidation price is filled at the open")
    func gap() throws {
        var exchange = try Make.exchange("BTC", capital: "100.45", leverage: 10)
        let start = try #require(Instant("2025-12-01T00:00:00Z"))
        _ = exchange.ask(try Make.entry("a", .buy, "0.01", code: "BTC", asked: start))
        _ = try exchange.settle(
            at: start.adding(seconds: 60),
            prices: Make.flat("100000", code: "BTC")
        )

        let events = try exchange.settle(
            at: start.adding(seconds: 120),
            prices: Make.flat("90000", code: "BTC")
        )

        #expect(events.fills.map(\.price.description) == ["90000"])
    }

    @Test("a day outside the calendar is refused and changes nothing")
    func outside() throws {
        var exchange = try Make.exchange("rb2505")
        let before = exchange

        let error = #expect(throws: TradingError.self) {
            try exchange.settle(at: Make.shanghai("2027-03-01T15:00"), prices: Make.flat("3500"))
        }

        #expect(error?.code == .notInForce)
        #expect(exchange == before)
    }
}
