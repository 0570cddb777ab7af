// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
@testable import Gateway
import Testing
import Trading

@Suite("Guards of the order dispatcher")
struct DispatcherGuardTests: DispatcherSamples {

    private func survey(
        _ dispatcher: OrderDispatcher,
        fills: [VenueFill] = [],
        positions: [InstrumentID: Decimal8] = [:]
    ) -> VenueReport {
        .survey(
            .init(
                number: dispatcher.lastSurvey,
                open: [:],
                fills: fills,
                positions: positions
            )
        )
    }

    /// A dispatcher that was surveyed and has sent an entry with a stop at 90.
    private func entered(
        _ rules: DispatchRules = DispatchRules(),
        externalLimit: Int = 0
    ) throws -> OrderDispatcher {
        var dispatcher = OrderDispatcher(rules: rules, externalLimit: Decimal8(externalLimit))
        _ = dispatcher.tick()
        _ = dispatcher.take(survey(dispatcher))
        _ = dispatcher.enter(try order(), verdict: "v", stop: try Price(Decimal8(90)))
        return dispatcher
    }

    private func halts(_ effects: [DispatchEffect]) -> [String] {
        effects.compactMap { if case .halt(let reason) = $0 { reason } else { nil } }
    }

    @Test(
        "an execution that cannot be one of its order halts the desk and counts for no order",
        arguments: [("AAA", Side.sell), ("BBB", Side.buy)]
    )
    func otherExecution(instrument: String, side: Side) throws {
        var dispatcher = try entered(externalLimit: 100)

        let effects = dispatcher.take(
            .fill(try fill("f1", of: "o1", 5, side, instrument: instrument))
        )

        #expect(halts(effects) == ["the venue tells of an execution of o1 that does not fit it"])
        #expect(dispatcher.held(of: try OrderID("o1")) == .zero)
        #expect(dispatcher.external.count == 1)
    }

    @Test("an order of which more is filled than was ordered halts the desk")
    func overfilled() throws {
        var dispatcher = try entered()

        _ = dispatcher.take(.fill(try fill("f1", of: "o1", 10)))
        let effects = dispatcher.take(.fill(try fill("f2", of: "o1", 1)))

        #expect(halts(effects) == ["the venue has filled more of o1 than was ordered"])
    }

    @Test("trades by hand in two directions do not cancel out")
    func twoHands() throws {
        var dispatcher = try entered(externalLimit: 5)
        _ = dispatcher.take(.fill(try fill("m1", of: nil, 3, instrument: "BBB")))

        let effects = dispatcher.take(.fill(try fill("m2", of: nil, 3, .sell, instrument: "CCC")))

        #expect(halts(effects) == ["somebody holds 6 by hand, more than 5"])
    }

    @Test("positions that differ once may be late, and differ as often as allowed they halt")
    func disagreements() throws {
        var rules = DispatchRules()
        rules.disagreements = 3
        var dispatcher = OrderDispatcher(rules: rules)
        let held = [try InstrumentID("AAA"): Decimal8(3)]
        var told: [[String]] = []
        for positions in [held, held, [:], held, held, held] {
            for _ in 0..<40 { _ = dispatcher.tick() }
            told.append(halts(dispatcher.take(survey(dispatcher, positions: positions))))
        }

        #expect(told.prefix(5).allSatisfy { $0.isEmpty })
        #expect(told.last == ["the venue's positions are not the sum of its executions"])
    }

    @Test("what a survey lacks counts once it has all that is known, and only of the newest survey")
    func partOfSurvey() throws {
        var dispatcher = try entered()
        let fill = try fill("f1", of: "o1", 10)
        _ = dispatcher.take(.fill(fill))
        func next() {
            let before = dispatcher.lastSurvey
            for _ in 0..<60 where dispatcher.lastSurvey == before { _ = dispatcher.tick() }
        }

        let again = dispatcher.take(survey(dispatcher, fills: [fill]))
        next()
        let part = dispatcher.take(survey(dispatcher))
        next()
        let whole = dispatcher.take(survey(dispatcher, fills: [fill]))

        #expect(halts(again) == [] && halts(part) == [])
        #expect(halts(whole) == ["the venue's positions are not the sum of its executions"])
    }

    @Test("a survey of an earlier life proves nothing to this one")
    func earlierLife() throws {
        var dispatcher = OrderDispatcher(externalLimit: Decimal8.zero, journal: [.started(1)])
        _ = dispatcher.start()
        let old = VenueReport.Survey(number: 1_000_007, open: [:], fills: [], positions: [:])

        _ = dispatcher.take(.survey(old))
        let early = dispatcher.isReconciled
        _ = dispatcher.tick()
        _ = dispatcher.take(survey(dispatcher))

        #expect(!early && dispatcher.isReconciled)
    }

    @Test("orders that close and are refused follow one another ever more slowly, and then halt")
    func refusedExits() throws {
        var dispatcher = try entered()
        let id = try OrderID("o1")
        let bought = try fill("f1", of: "o1", 10)
        _ = dispatcher.take(.fill(bought))
        var placed: [Int] = []
        var told: [String] = []
        func act(_ effects: [DispatchEffect], at tick: Int) {
            told += halts(effects)
            for case .send(let request) in effects {
                switch request {
                case .place(let order):
                    if order.kind == .market { placed.append(tick) }
                    act(dispatcher.take(.standing(order.id, .refused)), at: tick)
                case .survey:
                    let held = [bought.instrument: Decimal8(10)]
                    act(
                        dispatcher.take(survey(dispatcher, fills: [bought], positions: held)),
                        at: tick
                    )
                case .cancel(let order):
                    act(dispatcher.take(.standing(order, .cancelled)), at: tick)
                case .query: break
                }
            }
        }
        act(dispatcher.close(id), at: 0)
        for tick in 1...400 { act(dispatcher.tick(), at: tick) }

        let gaps = zip(placed, placed.dropFirst()).map { $1 - $0 }
        #expect(gaps.first == 8)
        #expect(zip(gaps, gaps.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(placed.count < 10)
        #expect(told == ["the venue has refused 5 orders to close o1"])
    }

    @Test("executions that came before their order was known are its own once it is")
    func earlyExecutions() throws {
        var dispatcher = OrderDispatcher(externalLimit: Decimal8(100))
        _ = dispatcher.tick()
        _ = dispatcher.take(
            survey(
                dispatcher,
                fills: [try fill("f1", of: "o1", 10)],
                positions: [try InstrumentID("AAA"): Decimal8(10)]
            )
        )
        let before = dispatcher.external.count

        _ = dispatcher.enter(try order(), verdict: "v", stop: try Price(Decimal8(90)))

        #expect(before == 1)
        #expect(dispatcher.external.isEmpty)
        #expect(dispatcher.held(of: try OrderID("o1")) == Decimal8(10))
        #expect(dispatcher.orders[try OrderID("o1")]?.standing == .filled)
    }

    @Test("withdrawn entries are taken back once, and what they have opened stays")
    func withdrawal() throws {
        var dispatcher = try entered()
        _ = dispatcher.take(.fill(try fill("f1", of: "o1", 4)))
        let id = try OrderID("o1")

        let first = dispatcher.withdrawEntries()
        let second = dispatcher.withdrawEntries()
        _ = dispatcher.take(.standing(id, .cancelled))

        #expect(first == [.write(.cancel(id)), .send(.cancel(id))])
        #expect(second.isEmpty)
        #expect(dispatcher.held(of: id) == Decimal8(4))
        #expect(dispatcher.protected(of: id) == Decimal8(4))
    }

    @Test("an order that has ended and is open all the same is taken back once more")
    func endedAndOpen() throws {
        var dispatcher = try entered()
        let id = try OrderID("o1")
        for _ in 0..<60 { _ = dispatcher.tick() }
        let asked = dispatcher.lastSurvey
        _ = dispatcher.withdrawEntries()
        _ = dispatcher.take(.standing(id, .cancelled))
        func open(_ number: Int) throws -> VenueReport {
            let open = [id: try Quantity(Decimal8(10))]
            return .survey(.init(number: number, open: open, fills: [], positions: [:]))
        }

        let early = dispatcher.take(try open(asked))
        let late = dispatcher.take(try open(asked + 1))

        // What was asked for before the end may tell of it as it was.
        #expect(early.isEmpty)
        #expect(late == [.write(.cancel(id)), .send(.cancel(id))])
        #expect(dispatcher.take(.standing(id, .cancelled)).first == .write(.ended(id, .cancelled)))
    }

    @Test("everything that the journal can hold is read back as it was")
    func roundTrip() throws {
        let bench = try Bench()
        let price = try Price(try #require(Decimal8("90.5")))
        let stop = VenueOrder(
            id: try OrderID(anyKind: "o1!s0"),
            entry: try OrderID("o1"),
            instrument: try InstrumentID("AAA"),
            side: .sell,
            quantity: try Quantity(Decimal8(4)),
            kind: .stop(price),
            reducesOnly: true
        )
        let limit = VenueOrder(
            id: try OrderID("o2"),
            entry: try OrderID("o2"),
            instrument: try InstrumentID("AAA"),
            side: .buy,
            quantity: try Quantity(Decimal8(4)),
            kind: .limit(price),
            reducesOnly: false
        )
        let entries: [JournalEntry] =
            [
                .started(3), .account("PA1"), .intent(try order(), verdict: "v", stop: price),
                .intent(stop, verdict: "v", stop: nil), .intent(limit, verdict: "w", stop: price),
                .fill(try fill("f1", of: "o1", 4)), .fill(try fill("f2", of: nil, 1, .sell)),
                .close(try OrderID("o1"), .holdLimit), .cancel(stop.id),
            ] + OrderStanding.allCases.map { .ended(stop.id, $0) }

        try bench.ledger.record(Array(entries.prefix(4)))
        try bench.ledger.record([])
        try bench.ledger.record(Array(entries.dropFirst(4)))

        #expect(try bench.ledger.loadJournal() == entries)
    }
}
