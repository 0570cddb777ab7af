// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Order dispatcher")
struct DispatcherTests: DispatcherSamples {
    /// A dispatcher whose venue was surveyed, with what it has asked of it.
    private struct Scene {
        var dispatcher: OrderDispatcher
        var journal: [JournalEntry] = []
        var sent: [VenueRequest] = []
        var halts: [String] = []

        init(journal: [JournalEntry] = [], externalLimit: Int = 0) throws {
            dispatcher = OrderDispatcher(
                externalLimit: Decimal8(externalLimit),
                journal: journal
            )
            self.journal = journal
            perform(dispatcher.start())
        }

        mutating func perform(_ effects: [DispatchEffect]) {
            for effect in effects {
                switch effect {
                case .write(let entry): journal.append(entry)
                case .send(let request): sent.append(request)
                case .halt(let reason): halts.append(reason)
                }
            }
        }

        /// Lets time pass until the venue is asked for a survey, and answers it.
        mutating func survey(
            open: [VenueOrder] = [],
            fills: [VenueFill] = [],
            positions: [InstrumentID: Decimal8]? = nil
        ) {
            var number: Int?
            for _ in 0..<60 where number == nil {
                let before = sent.count
                perform(dispatcher.tick())
                for case .survey(let asked) in sent[before...] { number = asked }
            }
            let sums = fills.reduce(into: [:]) { sums, fill in
                sums[fill.instrument, default: Decimal8.zero] += fill.signedQuantity
            }
            perform(
                dispatcher.take(
                    .survey(
                        .init(
                            number: number ?? 0,
                            open: Dictionary(
                                uniqueKeysWithValues: open.map { ($0.id, $0.quantity) }
                            ),
                            fills: fills,
                            positions: positions ?? sums
                        )
                    )
                )
            )
        }

        /// The orders that were sent, oldest first.
        var placed: [VenueOrder] {
            sent.compactMap { if case .place(let order) = $0 { order } else { nil } }
        }

        mutating func pass(_ ticks: Int) {
            for _ in 0..<ticks { perform(dispatcher.tick()) }
        }
    }

    private func entered() throws -> Scene {
        var scene = try Scene()
        scene.survey()
        let stop = try Price(Decimal8(90))
        scene.perform(scene.dispatcher.enter(try order(), verdict: "v", stop: stop))
        return scene
    }

    @Test("an order is written down before it is sent, and asked again it is neither")
    func writesFirst() throws {
        var scene = try Scene()
        scene.survey()

        let effects = scene.dispatcher.enter(try order(), verdict: "v", stop: nil)
        let again = scene.dispatcher.enter(try order(), verdict: "v", stop: nil)

        #expect(
            effects == [
                .write(.intent(try order(), verdict: "v", stop: nil)), .send(.place(try order())),
            ]
        )
        #expect(again.isEmpty)
    }

    @Test(
        "nothing is entered without a verdict, before the venue was surveyed, or on a halted desk"
    )
    func refuses() throws {
        var scene = try Scene()
        let early = scene.dispatcher.enter(try order(), verdict: "v", stop: nil)
        scene.survey()
        let bare = scene.dispatcher.enter(try order(), verdict: "", stop: nil)
        scene.dispatcher.halt()
        let halted = scene.dispatcher.enter(try order(), verdict: "v", stop: nil)

        #expect(early.isEmpty)
        #expect(bare.isEmpty)
        #expect(halted.isEmpty)
    }

    @Test("an answer that does not come is asked for and the order is never sent again")
    func silence() throws {
        var scene = try entered()

        scene.pass(100)

        #expect(scene.placed.count == 1)
        #expect(scene.sent.contains(.query(try OrderID("o1"))))
        #expect(scene.dispatcher.orders[try OrderID("o1")]?.standing == .unknown)
    }

    @Test("reports may come in any order and twice")
    func permutations() throws {
        let id = try OrderID("o1")
        let reports: [VenueReport] = [
            .standing(id, .open), .fill(try fill("f1", of: "o1", 4)),
            .fill(try fill("f2", of: "o1", 6)), .fill(try fill("f1", of: "o1", 4)),
            .standing(id, .filled), .standing(id, .unknown),
        ]

        for order in Self.permutations(of: reports) {
            var scene = try entered()
            for report in order { scene.perform(scene.dispatcher.take(report)) }

            #expect(scene.dispatcher.orders[id]?.standing == .filled)
            #expect(scene.dispatcher.positions == [try InstrumentID("AAA"): Decimal8(10)])
            #expect(scene.dispatcher.protected(of: id) == Decimal8(10))
            #expect(scene.placed.filter(\.isEntry).count == 1)
        }
    }

    private static func permutations(of reports: [VenueReport]) -> [[VenueReport]] {
        guard reports.count > 1 else { return [reports] }
        return reports.indices.flatMap { place in
            var rest = reports
            let first = rest.remove(at: place)
            return permutations(of: rest).map { [first] + $0 }
        }
    }

    @Test("an order of which nothing was heard is lost after the horizon, and taken in if it comes")
    func lost() throws {
        var scene = try entered()
        let id = try OrderID("o1")
        scene.pass(scene.dispatcher.rules.horizon)
        scene.survey()
        let given = scene.dispatcher.orders[id]?.standing

        scene.perform(scene.dispatcher.take(.fill(try fill("f1", of: "o1", 10))))

        #expect(given == .lost)
        #expect(scene.dispatcher.orders[id]?.standing == .filled)
        #expect(scene.dispatcher.protected(of: id) == Decimal8(10))
        #expect(scene.placed.filter(\.isEntry).count == 1)
    }

    @Test("an order that the venue shows is not lost, however long nothing was heard of it")
    func shown() throws {
        var scene = try entered()
        scene.pass(scene.dispatcher.rules.horizon)

        scene.survey(open: [try order()])

        #expect(scene.dispatcher.orders[try OrderID("o1")]?.standing == .working)
    }

    @Test("a new life sends nothing before it has looked at the venue, not even a stop")
    func looksFirst() throws {
        let fill = try fill("f1", of: "o1", 10)
        var next = try Scene(journal: try entered().journal + [.fill(fill)])

        next.pass(1)
        let early = next.placed
        next.survey(fills: [fill])

        #expect(early.isEmpty)
        #expect(next.placed.map(\.reducesOnly) == [true])
    }

    @Test("a stop that is refused closes its position, once nothing else can be filled")
    func refusedStop() throws {
        var scene = try entered()
        let (first, second) = (try fill("f1", of: "o1", 4), try fill("f2", of: "o1", 6))
        for fill in [first, second] { scene.perform(scene.dispatcher.take(.fill(fill))) }
        let stops = scene.placed.filter(\.reducesOnly)
        scene.perform(scene.dispatcher.take(.standing(stops[0].id, .open)))
        scene.perform(scene.dispatcher.take(.standing(stops[1].id, .refused)))
        scene.pass(1)
        let early = scene.placed.filter { $0.reducesOnly && $0.kind == .market }
        scene.perform(scene.dispatcher.take(.standing(stops[0].id, .cancelled)))
        let unsurveyed = scene.placed.filter { $0.reducesOnly && $0.kind == .market }

        scene.survey(fills: [first, second])

        let exits = scene.placed.filter { $0.reducesOnly && $0.kind == .market }
        #expect(stops.map(\.quantity.value) == [Decimal8(4), Decimal8(6)])
        #expect(scene.sent.contains(.cancel(stops[0].id)))
        #expect(early.isEmpty)
        #expect(unsurveyed.isEmpty)
        #expect(exits.map(\.quantity.value) == [Decimal8(10)])
        #expect(exits.first?.side == .sell)
    }

    @Test("a stop of which nothing is heard in time closes its position")
    func silentStop() throws {
        var scene = try entered()
        scene.perform(scene.dispatcher.take(.fill(try fill("f1", of: "o1", 10))))

        scene.pass(scene.dispatcher.rules.stopPatience + 2)

        #expect(scene.dispatcher.closing == [try OrderID("o1"): .unprotected])
        #expect(scene.journal.contains(.close(try OrderID("o1"), .unprotected)))
    }

    @Test("a trade by hand is adopted, and halts the desk beyond the limit")
    func external() throws {
        var scene = try Scene(externalLimit: 5)
        scene.survey()
        scene.perform(scene.dispatcher.take(.fill(try fill("m1", of: nil, 5))))
        let within = scene.halts
        scene.perform(scene.dispatcher.take(.fill(try fill("m2", of: "stranger", 1))))

        #expect(within.isEmpty)
        #expect(scene.halts.count == 1)
        #expect(scene.dispatcher.positions == [try InstrumentID("AAA"): Decimal8(6)])
        #expect(scene.dispatcher.enter(try order(), verdict: "v", stop: nil).isEmpty)
    }

    @Test("a position that no execution explains halts the desk")
    func unexplained() throws {
        var scene = try Scene()

        scene.survey(positions: [try InstrumentID("AAA"): Decimal8(3)])

        #expect(scene.halts == ["the venue's positions are not the sum of its executions"])
    }

    @Test("a survey that was held up proves nothing of what is missing in it")
    func oldSurvey() throws {
        var scene = try entered()
        scene.perform(scene.dispatcher.take(.fill(try fill("f1", of: "o1", 10))))
        scene.pass(scene.dispatcher.rules.horizon)

        let old = VenueReport.Survey(number: 1, open: [:], fills: [], positions: [:])
        scene.perform(scene.dispatcher.take(.survey(old)))

        #expect(scene.halts.isEmpty)
        #expect(!scene.dispatcher.orders.values.contains { $0.standing == .lost })
    }

    @Test("a life that begins with any part of the journal never sends an entry again")
    func restarts() throws {
        var scene = try entered()
        let fills = [try fill("f1", of: "o1", 4), try fill("f2", of: "o1", 6)]
        for fill in fills { scene.perform(scene.dispatcher.take(.fill(fill))) }
        scene.perform(scene.dispatcher.close(try OrderID("o1")))
        let stops = scene.placed.filter(\.reducesOnly)

        for length in 0...scene.journal.count {
            var next = try Scene(journal: Array(scene.journal[..<length]))
            next.survey(open: stops, fills: fills)
            let knows = next.dispatcher.orders[try OrderID("o1")] != nil
            let stop = try Price(Decimal8(90))
            next.perform(next.dispatcher.enter(try order(), verdict: "v", stop: stop))

            #expect(next.placed.filter(\.isEntry).count == (knows || !next.halts.isEmpty ? 0 : 1))
            #expect(next.dispatcher.life == (length > 0 ? 2 : 1))
            #expect(next.dispatcher.positions == [try InstrumentID("AAA"): Decimal8(10)])
        }
    }
}
