// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Stops of which a dispatcher hears nothing")
struct DispatcherDoubtTests: DispatcherSamples {
    /// A dispatcher whose venue is looked at as soon as it asks, and what it does.
    private struct Scene {
        var dispatcher: OrderDispatcher
        var journal: [JournalEntry] = []
        var sent: [(tick: Int, request: VenueRequest)] = []
        var halts: [String] = []
        var ticks = 0

        init(uniqueIDs: Bool = true, journal: [JournalEntry] = []) throws {
            var rules = DispatchRules.broker(uniqueIDs: uniqueIDs)
            rules.disagreements = 1_000
            dispatcher = OrderDispatcher(rules: rules, journal: journal)
            self.journal = journal
            perform(dispatcher.start())
            pass(1)
        }

        mutating func perform(_ effects: [DispatchEffect]) {
            for effect in effects {
                switch effect {
                case .write(let entry): journal.append(entry)
                case .send(.survey(let number)): survey(number)
                case .send(let request): sent.append((ticks, request))
                case .halt(let reason): halts.append(reason)
                }
            }
        }

        private mutating func survey(_ number: Int) {
            let fills = Array(dispatcher.fills.values)
            perform(
                dispatcher.take(
                    .survey(.init(number: number, open: [:], fills: fills, positions: [:]))
                )
            )
        }

        mutating func pass(_ count: Int) {
            for _ in 0..<count {
                ticks += 1
                perform(dispatcher.tick())
            }
        }

        func ticks(of kind: (VenueOrder.Kind) -> Bool) -> [Int] {
            sent.compactMap { tick, request in
                guard case .place(let order) = request, order.reducesOnly, kind(order.kind) else {
                    return nil
                }
                return tick
            }
        }

        var stops: [Int] { ticks { $0 != .market } }
        var closers: [Int] { ticks { $0 == .market } }
        var closingOrders: [VenueOrder] {
            sent.compactMap { _, request in
                guard case .place(let order) = request, order.reducesOnly, order.kind == .market
                else { return nil }
                return order
            }
        }
    }

    /// A scene in which ten are held and their stop was sent.
    private func holding(uniqueIDs: Bool = true) throws -> Scene {
        var scene = try Scene(uniqueIDs: uniqueIDs)
        let stop = try Price(Decimal8(90))
        scene.ticks = 0
        scene.perform(scene.dispatcher.enter(try order(), verdict: "v", stop: stop))
        scene.perform(scene.dispatcher.take(.fill(try fill("f1", of: "o1", 10))))
        return scene
    }

    private func stopID() throws -> OrderID { try OrderID(anyKind: "o1!s1") }

    @Test("it is asked for soon, and sent again under its id where none is taken twice")
    func asks() throws {
        var scene = try holding()
        var forgetful = try holding(uniqueIDs: false)

        scene.pass(8)
        forgetful.pass(8)

        let id = try stopID()
        #expect(scene.sent.filter { $0.request == .query(id) }.map(\.tick) == [1, 7])
        #expect(scene.stops == [0, 3])
        #expect(forgetful.sent.filter { $0.request == .query(id) }.map(\.tick) == [1, 3, 7])
        #expect(forgetful.stops == [0])
    }

    @Test("its position is closed within eleven seconds under the stop's own id")
    func deadline() throws {
        var scene = try holding()

        scene.pass(10)
        let early = scene.closers
        scene.pass(1)

        let order = try #require(scene.closingOrders.first)
        #expect(early.isEmpty)
        #expect(scene.closers == [11])
        #expect(order.id == (try stopID()))
        #expect(order.quantity.value == Decimal8(10))
        #expect(scene.journal.suffix(2).first == .close(try OrderID("o1"), .unprotected))
        #expect(scene.journal.last == .intent(order, verdict: "v", stop: nil))
    }

    @Test("one that is being taken back and not there is closed as soon")
    func takenBack() throws {
        var scene = try holding()
        scene.perform(scene.dispatcher.close(try OrderID("o1")))

        scene.pass(11)

        let id = try stopID()
        #expect(scene.closers == [11])
        #expect(scene.dispatcher.orders[id]?.isBeingCancelled == false)
        // It is not sent again meanwhile, and the wish to take it back is, without another line.
        #expect(scene.stops == [0])
        #expect(scene.sent.filter { $0.request == .cancel(id) }.count > 1)
        #expect(scene.journal.filter { $0 == .cancel(id) }.count == 1)
    }

    @Test("an order that closes and rests at the venue is neither sent again nor taken back")
    func closing() throws {
        var scene = try holding()
        scene.perform(scene.dispatcher.take(.standing(try stopID(), .open)))
        scene.perform(scene.dispatcher.close(try OrderID("o1")))
        scene.perform(scene.dispatcher.take(.standing(try stopID(), .cancelled)))
        let id = try OrderID(anyKind: "o1!x2")
        scene.perform(scene.dispatcher.take(.standing(id, .open)))

        scene.pass(30)

        #expect(scene.closingOrders.map(\.id) == [id])
        #expect(!scene.sent.contains { $0.request == .cancel(id) })
    }

    @Test("one in place of a stop that is there is given a while, and late refusals say nothing")
    func takenOver() throws {
        var scene = try holding()
        let id = try stopID()
        scene.pass(11)
        scene.perform(scene.dispatcher.take(.standing(id, .open)))
        scene.pass(1)
        let early = scene.sent.contains { $0.request == .cancel(id) }

        for _ in 0..<6 { scene.perform(scene.dispatcher.take(.standing(id, .declined))) }

        #expect(!early)
        #expect(scene.halts.isEmpty)
        #expect(scene.dispatcher.orders[id]?.standing == .working)
    }

    @Test("a stop of which a part was filled before a restart is not replaced as a whole")
    func halfFilled() throws {
        let sold = try fill("f2", of: "o1!s1", 4, .sell)
        var next = try Scene(journal: try holding().journal + [.fill(sold)])
        let id = try stopID()

        next.pass(14)

        #expect(next.sent.contains { $0.request == .cancel(id) })
        #expect(!next.closingOrders.contains { $0.id == id })
    }

    @Test("an entry of which a part was filled before a restart is not sent again for its rest")
    func halfEntered() throws {
        let intent = JournalEntry.intent(
            try order(),
            verdict: "v",
            stop: try Price(Decimal8(90))
        )
        var next = try Scene(journal: [intent, .fill(try fill("f1", of: "o1", 6))])

        next.pass(20)

        let entries = next.sent.filter { _, request in
            if case .place(let order) = request { order.isEntry } else { false }
        }
        #expect(entries.isEmpty)
        #expect(!next.stops.isEmpty)
    }

    @Test("what is declined has ended, but for what takes risk away where no id is taken twice")
    func declinedForGood() throws {
        var forgetful = try holding(uniqueIDs: false)
        var entering = try Scene()
        let stop = try Price(Decimal8(90))
        entering.perform(entering.dispatcher.enter(try order(), verdict: "v", stop: stop))

        forgetful.perform(forgetful.dispatcher.take(.standing(try stopID(), .declined)))
        entering.perform(entering.dispatcher.take(.standing(try OrderID("o1"), .declined)))

        #expect(forgetful.dispatcher.orders[try stopID()]?.standing == .refused)
        #expect(entering.dispatcher.orders[try OrderID("o1")]?.standing == .refused)
    }

    @Test("where ids are forgotten nothing closes beside it before nothing can be on its way")
    func forgetful() throws {
        var scene = try holding(uniqueIDs: false)

        scene.pass(scene.dispatcher.rules.horizon)
        let early = scene.closers
        scene.pass(30)

        #expect(early.isEmpty)
        #expect(scene.closers.count == 1)
    }

    @Test("an order that closes is sent again under its id until the venue has it")
    func repeated() throws {
        var scene = try holding()
        scene.pass(60)
        let id = try stopID()
        let before = scene.closers.count
        scene.perform(scene.dispatcher.take(.standing(id, .open)))
        scene.perform(
            scene.dispatcher.take(.fill(try fill("f2", of: "o1!s1", 10, .sell)))
        )
        scene.pass(60)

        #expect(before >= 5)
        #expect(zip(scene.closers, scene.closers.dropFirst()).allSatisfy { $1 - $0 <= 10 })
        #expect(scene.closers.count == before)
        #expect(Set(scene.closingOrders.map(\.id)) == [id])
        #expect(scene.dispatcher.positions.isEmpty)
    }

    @Test("one that is declined is closed at once, and that is tried ever more slowly")
    func declined() throws {
        var scene = try holding()
        let id = try stopID()
        scene.pass(2)
        scene.perform(scene.dispatcher.take(.standing(id, .declined)))
        let first = scene.closers
        for _ in 0..<4 { scene.perform(scene.dispatcher.take(.standing(id, .declined))) }
        let before = scene.halts
        scene.perform(scene.dispatcher.take(.standing(id, .declined)))
        scene.pass(80)

        #expect(first == [2])
        #expect(scene.dispatcher.orders[id]?.standing == .unknown)
        #expect(before.isEmpty)
        #expect(scene.halts == ["the venue has refused 5 orders to close o1"])
        #expect(scene.closers == [2])
        #expect(Set(scene.closingOrders.map(\.id)) == [id])
    }

    @Test("a stop that is there after all is taken back before anything else closes")
    func resting() throws {
        var scene = try holding()
        let id = try stopID()
        scene.pass(11)
        scene.perform(scene.dispatcher.take(.standing(id, .open)))
        scene.pass(10)
        let cancelled = scene.sent.contains { $0.request == .cancel(id) }
        let before = scene.closingOrders.map(\.id)
        scene.perform(scene.dispatcher.take(.standing(id, .cancelled)))
        scene.pass(10)

        #expect(cancelled)
        #expect(Set(before) == [id])
        #expect(scene.closingOrders.last?.id == (try OrderID(anyKind: "o1!x2")))
    }

    @Test("a life that begins with any part of the journal closes it once, as soon as the first")
    func restarts() throws {
        var scene = try holding()
        scene.pass(11)
        let intents = scene.journal.filter { if case .intent = $0 { true } else { false } }
        let known = try #require(scene.journal.firstIndex(of: intents[1]))

        var late = try Scene(journal: scene.journal)
        late.ticks = 0
        late.pass(4)
        #expect(!late.closers.isEmpty)
        for length in (known + 1)...scene.journal.count {
            var next = try Scene(journal: Array(scene.journal[..<length]))
            next.ticks = 0
            next.pass(14)

            #expect(next.closers.first.map { $0 <= 11 } == true, "after \(length) entries")
            #expect(Set(next.closingOrders.map(\.id)) == [try stopID()])
        }
    }

    @Test("nothing is sent again for what is not held any more, and what was filled has ended")
    func overtaken() throws {
        let scene = try holding()
        let sale = VenueOrder(
            id: try OrderID(anyKind: "o1!x2"),
            entry: try OrderID("o1"),
            instrument: try InstrumentID("AAA"),
            side: .sell,
            quantity: try Quantity(Decimal8(10)),
            kind: .market,
            reducesOnly: true
        )
        let sold = try fill("f2", of: "o1!x2", 10, .sell)
        // A life that died before it could write down that the sale had come to its end.
        let journal = scene.journal + [.intent(sale, verdict: "v", stop: nil), .fill(sold)]
        var next = try Scene(journal: journal)

        next.pass(60)

        #expect(next.dispatcher.orders[sale.id]?.standing == .filled)
        #expect(next.dispatcher.orders[try stopID()]?.standing == .unknown)
        #expect(next.stops.isEmpty)
        #expect(next.closers.isEmpty)
    }
}
