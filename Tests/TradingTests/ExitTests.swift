// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Exits within a session")
struct ExitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let side: Side
        let session: [String]
        let price: String?
        let reason: ExitReason?
    }

    static let cases = [
        Case(
            testDescription: "quiet",
            side: .buy,
            session: ["100", "109", "91", "100"],
            price: nil,
            reason: nil
        ),
        Case(
            testDescription: "stop",
            side: .buy,
            session: ["100", "105", "90", "95"],
            price: "89.1",
            reason: .stop
        ),
        Case(
            testDescription: "target without slippage",
            side: .buy,
            session: ["100", "110", "95", "100"],
            price: "110",
            reason: .target
        ),
        Case(
            testDescription: "both in one bar",
            side: .buy,
            session: ["100", "120", "80", "100"],
            price: "89.1",
            reason: .stop
        ),
        Case(
            testDescription: "gap through the stop",
            side: .buy,
            session: ["80", "95", "70", "90"],
            price: "79.2",
            reason: .stop
        ),
        Case(
            testDescription: "gap through the target",
            side: .buy,
            session: ["120", "125", "80", "100"],
            price: "120",
            reason: .target
        ),
        Case(
            testDescription: "short stop",
            side: .sell,
            session: ["100", "110", "95", "100"],
            price: "111.1",
            reason: .stop
        ),
        Case(
            testDescription: "short target",
            side: .sell,
            session: ["100", "105", "90", "100"],
            price: "90",
            reason: .target
        ),
        Case(
            testDescription: "short both",
            side: .sell,
            session: ["100", "110", "90", "100"],
            price: "111.1",
            reason: .stop
        ),
        Case(
            testDescription: "short gap through the stop",
            side: .sell,
            session: ["120", "130", "85", "100"],
            price: "121.2",
            reason: .stop
        ),
        Case(
            testDescription: "short gap through the target",
            side: .sell,
            session: ["85", "115", "80", "100"],
            price: "85",
            reason: .target
        ),
    ]

    @Test("a stop or a target leaves the lot where the session allows it", arguments: cases)
    func stopsAndTargets(example: Case) throws {
        var exchange = PaperExchange(
            configuration: try Samples.configuration(slippage: "0.01", allowsShortSales: true)
        )
        let isLong = example.side == .buy
        let plan = try Samples.plan(stop: isLong ? "90" : "110", target: isLong ? "110" : "90")
        _ = exchange.submit(try Samples.entry("a", example.side, plan: plan), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        let bar = example.session

        let events = try exchange.settle(
            at: Samples.day(2),
            prices: Samples.session(bar[0], bar[1], bar[2], bar[3])
        )

        #expect(events.trades.first?.exitPrice.description == example.price)
        #expect(events.trades.first?.reason == example.reason)
        #expect(events.trades.first?.sessionsHeld == example.reason.map { _ in 2 })
    }

    @Test("a lot can be stopped in the session that opened it")
    func stoppedAtOnce() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        let plan = try Samples.plan(stop: "90")
        _ = exchange.submit(try Samples.entry("a", plan: plan), at: Samples.stamp(0))

        let events = try exchange.settle(
            at: Samples.day(1),
            prices: Samples.session("100", "101", "85", "88")
        )

        #expect(events.trades.map(\.exit.description) == ["a!stop"])
        #expect(events.trades.map(\.sessionsHeld) == [1])
        #expect(events.map(\.sequence) == [1, 2, 3])
    }

    @Test("a holding limit closes the lot at the open after so many sessions", arguments: [1, 3])
    func holdLimit(limit: Int) throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        let plan = try Samples.plan(hold: limit)
        _ = exchange.submit(try Samples.entry("a", plan: plan), at: Samples.stamp(0))

        var closed: [Int: [Trade]] = [:]
        for day in 1...5 {
            // A session without a price counts for nothing.
            let prices = day == 2 && limit == 3 ? [:] : try Samples.flat("10\(day)")
            closed[day] = try exchange.settle(at: Samples.day(day), prices: prices).trades
        }

        let day = limit == 1 ? 2 : 5
        #expect(closed.filter { !$0.value.isEmpty }.keys.sorted() == [day])
        #expect(closed[day]?.first?.reason == .holdLimit)
        #expect(closed[day]?.first?.sessionsHeld == limit)
        #expect(closed[day]?.first?.exitPrice.description == "10\(day)")
    }

    @Test("the second exit of a lot finds it closed")
    func twoExits() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        for id in ["z", "b"] {
            _ = exchange.submit(try Samples.exit(id, of: "a"), at: Samples.stamp(1))
        }

        let events = try exchange.settle(at: Samples.day(2), prices: Samples.flat("100"))

        #expect(events.trades.map(\.exit.description) == ["b"])
        #expect(events.refusals == ["z": .lotClosed])
    }

    @Test("an exit names a whole open lot")
    func wrongExits() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        let early = exchange.submit(try Samples.exit("x", of: "a", day: 0), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        let wrong = [
            try Samples.exit("p", of: "a", quantity: "9"), try Samples.exit("q", of: "a", .buy),
            try Samples.exit("r", of: "a", instrument: "OTHER"),
        ].map { exchange.submit($0, at: Samples.stamp(1)) }

        #expect(early == .rejected(.noOpenLot))
        #expect(wrong.allSatisfy { $0 == .rejected(.exitMismatch) })
    }

    @Test("closing everything exits each lot once and refuses waiting entries")
    func closeAll() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        for id in ["b", "a"] { _ = exchange.submit(try Samples.entry(id), at: Samples.stamp(0)) }
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        _ = exchange.submit(try Samples.entry("c", day: 1), at: Samples.stamp(1))
        exchange.closeAll(reason: "drawdown", at: Samples.stamp(1, 1))
        exchange.closeAll(reason: "drawdown", at: Samples.stamp(1, 1))
        exchange.closeAll(reason: "another voice", at: Samples.stamp(1, 2))

        let events = try exchange.settle(at: Samples.day(2), prices: Samples.flat("90"))
        let after = exchange.submit(try Samples.entry("d", day: 2), at: Samples.stamp(2))
        let later = try exchange.settle(at: Samples.day(3), prices: Samples.flat("90"))

        #expect(events.trades.map(\.exit.description) == ["a!closeAll", "b!closeAll"])
        #expect(events.trades.allSatisfy { $0.reason == .closeAll })
        #expect(events.refusals == ["c": .closingAll])
        #expect(after == .accepted)
        #expect(later.fills.map(\.order.description) == ["d"])
    }

    @Test("closing everything waits for a price and does not ask twice")
    func closeAllWaits() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration(waitingLimit: 1))
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        for day in 1...3 {
            exchange.closeAll(reason: "drawdown", at: Samples.stamp(day))
            _ = try exchange.settle(at: Samples.day(day + 1), prices: [:])
        }

        let events = try exchange.settle(at: Samples.day(9), prices: Samples.flat("95"))

        #expect(events.trades.map(\.profit.description) == ["-50"])
        #expect(exchange.book.pending.isEmpty)
    }
}
