// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Submitting and halting")
struct StateTests {
    @Test("the same order twice is one order, and the first answer counts")
    func duplicate() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        let order = try Samples.entry("a")
        _ = exchange.submit(order, at: Samples.stamp(0))
        exchange.record(Control(.halt, reason: "x", at: Samples.stamp(0)))
        let before = exchange

        let again = exchange.submit(order, at: Samples.stamp(0, 5))

        #expect(again == .duplicate(.accepted))
        #expect(again.original == .accepted)
        #expect(exchange == before)
    }

    @Test("an order that was rejected stays rejected")
    func rejectedTwice() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        exchange.record(Control(.halt, reason: "x", at: Samples.stamp(0)))
        exchange.record(Control(.resume, reason: "y", at: Samples.stamp(0, 2)))
        let order = try Samples.entry("a")
        let first = exchange.submit(order, at: Samples.stamp(0, 1))

        let second = exchange.submit(order, at: Samples.stamp(0, 3))

        #expect(first == .rejected(.halted))
        #expect(second == .duplicate(.rejected(.halted)))
    }

    @Test("another order with a known id is rejected and leaves no trace")
    func reusedID() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        let before = exchange

        let answer = exchange.submit(try Samples.entry("a", quantity: "11"), at: Samples.stamp(0))

        #expect(answer == .rejected(.idReused))
        #expect(Rejection.idReused.rawValue == "id reused")
        #expect(exchange == before)
    }

    @Test("an order cannot have been asked in the future")
    func future() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())

        let answer = exchange.submit(try Samples.entry("a", day: 1), at: Samples.stamp(0))

        #expect(answer == .rejected(.askedInFuture))
    }

    @Test(
        "a halt stops entries of later rounds and not of its own",
        arguments: [(Control.Kind.halt, Rejection.halted), (.reduce, .reducing)]
    )
    func laterRounds(kind: Control.Kind, reason: Rejection) throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        exchange.record(Control(kind, reason: "drawdown", at: Samples.stamp(0, 1)))

        let same = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0, 1))
        let next = exchange.submit(try Samples.entry("b"), at: Samples.stamp(0, 2))
        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        #expect(same == .accepted)
        #expect(next == .rejected(reason))
        #expect(events.refusals == ["a": reason])
        #expect(events.fills.isEmpty)
    }

    @Test("a halt at the session's own time does not reach the fills before it")
    func haltAtSession() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        exchange.record(Control(.halt, reason: "x", at: Samples.stamp(1)))

        let events = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        #expect(events.fills.count == 1)
    }

    @Test("exits pass while the desk is halted")
    func exitsPass() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        exchange.record(Control(.halt, reason: "x", at: Samples.stamp(1)))

        let answer = exchange.submit(try Samples.exit("b", of: "a"), at: Samples.stamp(1, 1))
        let events = try exchange.settle(at: Samples.day(2), prices: Samples.flat("90"))

        #expect(answer == .accepted)
        #expect(events.trades.count == 1)
    }

    @Test("of the instructions of one round the strictest counts, whichever came first")
    func strictest() throws {
        let controls = [
            Control(.resume, reason: "r", at: Samples.stamp(1)),
            Control(.reduce, reason: "r", at: Samples.stamp(1)),
            Control(.halt, reason: "r", at: Samples.stamp(1)),
        ]
        var forwards = PaperExchange(configuration: try Samples.configuration())
        var backwards = forwards

        for control in controls { forwards.record(control) }
        for control in controls.reversed() { backwards.record(control) }

        #expect(forwards == backwards)
        #expect(forwards.state(before: Samples.stamp(1)) == .active)
        #expect(forwards.state(before: Samples.stamp(1, 1)) == .halted)
    }

    @Test("only resuming frees a halted desk")
    func resuming() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        exchange.record(Control(.halt, reason: "x", at: Samples.stamp(0)))
        exchange.record(Control(.reduce, reason: "x", at: Samples.stamp(1)))
        exchange.record(Control(.resume, reason: "x", at: Samples.stamp(2)))

        #expect(exchange.state(before: Samples.stamp(1, 1)) == .halted)
        #expect(exchange.state(before: Samples.stamp(2)) == .halted)
        #expect(exchange.state(before: Samples.stamp(2, 1)) == .active)
    }
}
