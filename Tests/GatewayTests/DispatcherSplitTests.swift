// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("A dispatcher whose shares are split")
struct DispatcherSplitTests: DispatcherSamples {
    /// A venue that tells a quantity of its own of what is held, and what is sent to it.
    private struct Scene {
        var dispatcher: OrderDispatcher
        var told: Decimal8
        var open: [OrderID: Quantity] = [:]
        var journal: [JournalEntry] = []
        var sent: [VenueRequest] = []
        var halts: [String] = []

        init(told: Int = 10, journal: [JournalEntry] = []) {
            dispatcher = OrderDispatcher(rules: .broker(uniqueIDs: true), journal: journal)
            self.told = Decimal8(told)
            self.journal = journal
        }

        mutating func perform(_ effects: [DispatchEffect]) throws {
            for effect in effects {
                switch effect {
                case .write(let entry): journal.append(entry)
                case .send(.survey(let number)): try survey(number)
                case .send(let request): sent.append(request)
                case .halt(let reason): halts.append(reason)
                }
            }
        }

        private mutating func survey(_ number: Int) throws {
            let isHeld = !dispatcher.fills.isEmpty
            try perform(
                dispatcher.take(
                    .survey(
                        .init(
                            number: number,
                            open: open,
                            fills: Array(dispatcher.fills.values),
                            positions: isHeld ? [try InstrumentID("AAA"): told] : [:]
                        )
                    )
                )
            )
        }

        mutating func pass(_ count: Int) throws {
            for _ in 0..<count { try perform(dispatcher.tick()) }
        }

        var closers: [VenueOrder] {
            sent.compactMap { request in
                guard case .place(let order) = request, order.reducesOnly, order.kind == .market
                else { return nil }
                return order
            }
        }
    }

    /// Ten are held, and their stop rests.
    private func holding() throws -> Scene {
        var scene = Scene()
        try scene.pass(1)
        let stop = try Price(Decimal8(90))
        try scene.perform(scene.dispatcher.enter(try order(), verdict: "v", stop: stop))
        try scene.perform(scene.dispatcher.take(.fill(try fill("f1", of: "o1", 10))))
        let id = try OrderID(anyKind: "o1!s1")
        scene.open = [id: try Quantity(Decimal8(10))]
        try scene.perform(scene.dispatcher.take(.standing(id, .open)))
        try scene.pass(40)
        return scene
    }

    @Test(
        "it halts with what it looks like, and what to do",
        arguments: [(40, "4 for 1"), (1, "1 for 10")]
    )
    func halts(told: Int, ratio: String) throws {
        var scene = try holding()
        let before = scene.halts
        scene.told = Decimal8(told)

        try scene.pass(120)

        #expect(before.isEmpty)
        #expect(
            scene.halts == [
                "the venue holds \(told) AAA where its executions come to 10, as after a split of"
                    + " \(ratio); protect or close it there, nothing is sent for it any more"
            ]
        )
    }

    @Test(
        "nothing of the old quantity is sent, neither for a lost stop nor to close, until it agrees"
    )
    func withholds() throws {
        var scene = try holding()
        let id = try OrderID(anyKind: "o1!s1")
        scene.told = Decimal8(1)
        try scene.pass(31)
        scene.open = [:]
        try scene.perform(scene.dispatcher.take(.standing(id, .cancelled)))
        try scene.pass(120)
        try scene.perform(scene.dispatcher.close(try OrderID("o1")))
        try scene.pass(120)
        let meanwhile = scene.closers
        scene.told = Decimal8(10)
        try scene.pass(60)

        #expect(meanwhile.isEmpty)
        #expect(scene.closers.first?.quantity.value == Decimal8(10))
    }

    @Test("a new life sends nothing of the old quantity either")
    func restart() throws {
        let before = try holding()
        var scene = Scene(told: 1, journal: before.journal)

        try scene.pass(200)

        #expect(scene.closers.isEmpty)
        #expect(scene.halts.count == 1)
    }

    @Test("another difference halts without a guess, and what is held is still protected")
    func others() throws {
        var scene = try holding()
        let id = try OrderID(anyKind: "o1!s1")
        scene.told = Decimal8(11)
        try scene.pass(120)
        scene.open = [:]
        try scene.perform(scene.dispatcher.take(.standing(id, .cancelled)))
        try scene.pass(60)

        #expect(scene.halts == ["the venue's positions are not the sum of its executions"])
        #expect(!scene.closers.isEmpty)
    }
}
