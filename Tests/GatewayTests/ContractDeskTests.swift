// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("A desk of contracts at its gateway")
struct ContractDeskTests {
    private static let days = [
        "2024-12-17T07:00:00Z", "2024-12-18T07:00:00Z", "2024-12-19T07:00:00Z",
        "2024-12-20T07:00:00Z",
    ]

    private static func flat(_ price: String) -> [String] { [price, price, price, price] }

    /// A bench on rebar with a verdict on `s-a` after its first session.
    private static func steel(
        capital: String = "100000",
        size: String = "0.7",
        stop: JSON = .null
    ) throws -> ContractBench {
        let bench = try ContractBench("rb2505", capital: capital)
        try bench.settle(days[0], flat("3500"))
        _ = bench.permit("s-a", at: "3500", size: size, stop: stop, goodThrough: "2024-12-18")
        return bench
    }

    @Test("two lots of steel bring what the tables say, across restarts")
    func steel() throws {
        let bench = try Self.steel(size: "0.7", stop: "0.02")

        let asked = bench.enter("a", "2", stop: "3430", at: Self.days[0])
        try bench.settle(Self.days[1], ["3500", "3500", "3500", "3500"])
        let bound = bench.position("margin")
        let cash = bench.account["cash"]?.stringValue
        try bench.reopen()
        try bench.settle(Self.days[2], ["3500", "3540", "3490", "3530"])
        try bench.reopen()
        _ = bench.ask(.beginRound, ["time": .string(Self.days[2]), "round": 1])
        let settled = bench.account["cash"]?.stringValue
        let left = bench.leave("x", of: "a", "2", side: "sell", at: Self.days[2])
        try bench.settle(Self.days[3], Self.flat("3550"))
        let summary = bench.ask(.summary)

        #expect(asked == "accepted")
        #expect(bound == "4900")
        #expect(cash == "99993")
        #expect(settled == "100593")
        #expect(left == "accepted")
        #expect(summary["cash"] == "100985.9")
        #expect(summary["equity"] == "100985.9")
        let trades = bench.service.currentExchange.events.compactMap { event in
            if case .lotClosed(let trade) = event.kind { trade } else { nil }
        }
        #expect(trades.map(\.profit.description) == ["985.9"])
        #expect(trades.map(\.fees.description) == ["14.1"])
    }

    @Test("the ledger of a restarted gateway is that of one that ran through")
    func restarts() throws {
        func digest(reopening: Bool) throws -> JSON? {
            let bench = try Self.steel(stop: "0.02")
            _ = bench.enter("a", "2", stop: "3430", at: Self.days[0])
            for day in Self.days.dropFirst() {
                if reopening { try bench.reopen() }
                try bench.settle(day, ["3500", "3520", "3480", "3510"])
            }
            return bench.ask(.summary)["digest"]
        }

        let through = try digest(reopening: false)

        #expect(try digest(reopening: true) == through)
        #expect(through != nil)
    }

    @Test(
        "a tenfold position is liquidated where the tables say",
        arguments: [
            ("long", "0.09", "91000", "91139.24050633", "91139"),
            ("short", "0.087", "108700", "108641.97530864", "108642"),
        ]
    )
    func bitcoin(side: String, share: String, stop: String, exact: String, filled: String)
        throws
    {
        let bench = try ContractBench("BTC", capital: "100.45", leverage: 10)
        let times = ["2025-12-01T00:00:00Z", "2025-12-01T00:01:00Z", "2025-12-01T00:02:00Z"]
        try bench.settle(times[0], Self.flat("100000"))
        _ = bench.permit(
            "s-a",
            at: "100000",
            size: "10",
            side: side,
            stop: .string(share),
            goodThrough: "2025-12-02"
        )
        let order = side == "long" ? "buy" : "sell"

        let asked = bench.enter(
            "a",
            "0.01",
            side: order,
            stop: .string(stop),
            at: times[0]
        )
        try bench.settle(times[1], Self.flat("100000"))
        let margin = bench.position("margin")
        let price = bench.position("liquidationPrice")
        // Beyond the price of liquidation, and short of the stop.
        try bench.settle(
            times[2],
            side == "long"
                ? ["99000", "99000", "91100", "92000"] : ["101000", "108650", "101000", "108000"]
        )
        try bench.reopen()

        #expect(asked == "accepted")
        #expect(margin == "100")
        #expect(price == exact)
        let exchange = bench.service.currentExchange
        #expect(exchange.book.account.lots.isEmpty)
        guard case .lotClosed(let trade)? = exchange.events.last?.kind else {
            Issue.record("nothing was closed")
            return
        }
        #expect(trade.reason == .liquidation)
        #expect(trade.exitPrice.description == filled)
    }

    @Test("an hour's funding goes to the cash and is in the ledger")
    func funding() throws {
        let bench = try ContractBench("BTC", capital: "100000", premium: "0.001")
        let times = ["2025-12-01T00:00:00Z", "2025-12-01T01:00:00Z"]
        try bench.settle(times[0], Self.flat("100000"))
        _ = bench.permit("s-a", at: "100000", size: "0.01", stop: "0.05", goodThrough: "2025-12-02")

        let asked = bench.enter("a", "0.01", stop: "95000", at: times[0])
        try bench.settle(times[1], Self.flat("100000"))
        try bench.reopen()

        // A fee of 0.45, and 0.01 · 100,000 · 0.0625 % / 10 for the hour.
        #expect(asked == "accepted")
        #expect(bench.ask(.summary)["cash"] == "99999.4875")
    }

    @Test(
        "what the venue would not take or the verdict does not bear is refused",
        arguments: [
            ("2", "3430.5", "grid: 3430.5 is no price of rb2505; the nearest are 3430 and 3431"),
            ("1.5", "3430", "grid: 1.5 is no multiple of 1, the lot of rb2505"),
            ("3", "3430", "verdict: verdict-s-a allows 2 lots, not 3"),
            ("2", "3429", "verdict: verdict-s-a has its stop at 3430"),
        ]
    )
    func refused(quantity: String, stop: String, reason: String) throws {
        let bench = try Self.steel(stop: "0.02")

        let answer = bench.enter("a", quantity, stop: .string(stop), at: Self.days[0])

        #expect(answer == reason)
        #expect(bench.service.currentExchange.book.pending.isEmpty)
    }

    @Test("an order of less than the venue takes is refused, and one of as much is not")
    func least() throws {
        let bench = try ContractBench("BTC", capital: "100000")
        try bench.settle("2025-12-01T00:00:00Z", Self.flat("100000"))
        for intent in ["s-a", "s-b"] {
            _ = bench.permit(intent, at: "100000", size: "0.01", goodThrough: "2025-12-02")
        }

        let less = bench.enter("a", "0.00009", at: "2025-12-01T00:00:00Z")
        let asMuch = bench.enter("b", "0.0001", at: "2025-12-01T00:00:00Z")

        #expect(less == "grid: 9 is less than 10, the least value")
        #expect(asMuch == "accepted")
    }

    @Test("lots are bounded by what is lost down to the stop, fees included")
    func risk() throws {
        // 2 lots lose 2 · (700 + 3.5 + 3.43) = 1,413.86; the account may lose all it has.
        let bench = try Self.steel(capital: "1413.85", size: "100", stop: "0.02")

        let answer = bench.enter("a", "2", stop: "3430", at: Self.days[0])

        #expect(answer == "verdict: verdict-s-a allows 1 lots, not 2")
    }

    @Test("an order beyond the free cash is refused with what it needs")
    func margin() throws {
        let bench = try Self.steel(capital: "4906.99", size: "20", stop: "0.02")

        let answer = bench.enter("a", "2", stop: "3430", at: Self.days[0])

        #expect(answer == "margin: 4907 is more than the free cash 4906.99")
    }

    @Test(
        "an order that was sized before a bar settled is judged by what its sender saw",
        arguments: [
            (days[1], "accepted"), (days[2], "verdict: verdict-s-b allows 1 lots, not 2"),
        ]
    )
    func settledMeanwhile(asked: String, expected: String) throws {
        let bench = try Self.steel(stop: "0.2")
        _ = bench.enter("a", "2", stop: "2800", at: Self.days[0])
        try bench.settle(Self.days[1], Self.flat("3500"))
        // 99,993 buy two lots at 0.7001 of it; after a loss of 600 one.
        _ = bench.permit("s-b", at: "3500", size: "0.7001", stop: "0.2", goodThrough: "2024-12-19")
        try bench.settle(Self.days[2], ["3500", "3500", "3460", "3470"])

        let answer = bench.enter("b", "2", stop: "2800", at: asked)

        #expect(answer == expected)
    }

    @Test("controls count what a lot is worth")
    func multiplier() throws {
        let bench = try Self.steel(stop: "0.02")
        _ = bench.enter("a", "2", stop: "3430", at: Self.days[0])
        try bench.settle(Self.days[1], Self.flat("3500"))

        #expect(bench.account["grossExposure"] == "70000")
    }

    @Test("a stop in a locked market waits, across restarts, and is told until it is filled")
    func locked() throws {
        let bench = try Self.steel(stop: "0.02")
        _ = bench.enter("a", "2", stop: "3430", at: Self.days[0])
        try bench.settle(Self.days[1], Self.flat("3500"))

        try bench.settle(Self.days[2], Self.flat("3400") + ["3400", "3700"])
        try bench.reopen()
        _ = bench.ask(.beginRound, ["time": .string(Self.days[2]), "round": 2])
        let held = bench.position("quantity")
        let told = bench.ask(.readEvents, ["after": 0])["events"]?.arrayValue ?? []
        try bench.settle(Self.days[3], Self.flat("3450") + ["3300", "3500"])

        #expect(held == "2")
        #expect(told.contains { $0["kind"] == "pendingAtLimit" && $0["order"] == "a!stop" })
        let summary = bench.ask(.summary)
        #expect(summary["trades"] == 1)
        // 3500 to 3450, and fees of 7 and 6.9.
        #expect(summary["cash"] == "98986.1")
    }

    @Test("a halt that closes everything does so at the next open where the market is locked")
    func lockedHalt() throws {
        for (limits, lots) in [(["3400", "3700", "3400"], 1), (["3300", "3700", "3400"], 0)] {
            let bench = try Self.steel()
            _ = bench.enter("a", "2", stop: "3000", at: Self.days[0])
            try bench.settle(Self.days[1], Self.flat("3500"))
            try bench.settle(Self.days[2], Self.flat("3400") + limits)

            bench.service.engageHalt(.person, "enough", flatten: true)
            let held = bench.service.currentExchange.book.account.lots.count
            try bench.settle(Self.days[3], Self.flat("3380"))

            #expect(held == lots)
            #expect(bench.service.currentExchange.book.account.lots.isEmpty)
            let prices = bench.service.currentExchange.events.compactMap { event in
                if case .lotClosed(let trade) = event.kind {
                    trade.exitPrice.description
                } else {
                    nil
                }
            }
            #expect(prices == [lots == 1 ? "3380" : "3400"])
        }
    }
}
