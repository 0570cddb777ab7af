// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Orders that the journal of a dispatcher has lost")
struct DispatcherForgottenTests: DispatcherSamples {
    /// A life whose journal has an entry of ten and nothing of what came of it.
    private struct Life {
        var dispatcher: OrderDispatcher
        private(set) var journal: [JournalEntry]
        private var surveys = 0

        init(_ journal: [JournalEntry]) {
            dispatcher = OrderDispatcher(journal: journal)
            self.journal = journal
        }

        /// What is sent after a look at the venue, and what is written down.
        mutating func look(
            open: [(String, Int)] = [],
            _ fills: [VenueFill] = []
        ) throws -> [VenueRequest] {
            surveys += 1
            var sizes: [OrderID: Quantity] = [:]
            for (id, size) in open {
                sizes[try OrderID(anyKind: id)] = try Quantity(Decimal8(size))
            }
            let survey = VenueReport.Survey(
                number: dispatcher.life * 1_000_000 + surveys,
                open: sizes,
                fills: fills,
                positions: fills.reduce(into: [:]) { sums, fill in
                    sums[fill.instrument, default: .zero] += fill.signedQuantity
                }
            )
            return take(.survey(survey))
        }

        mutating func take(_ report: VenueReport) -> [VenueRequest] {
            var sent: [VenueRequest] = []
            for effect in dispatcher.take(report) {
                switch effect {
                case .write(let entry): journal.append(entry)
                case .send(let request): sent.append(request)
                case .halt: Issue.record("halted")
                }
            }
            return sent
        }

        func rest(of id: String) throws -> Decimal8? {
            dispatcher.orders[try OrderID(anyKind: id)].map { $0.order.quantity.value - $0.filled }
        }
    }

    private func life(_ more: [JournalEntry] = []) throws -> Life {
        let stop = try Price(Decimal8(90))
        return Life([.started(1), .intent(try order(), verdict: "v", stop: stop)] + more)
    }

    private func stop(_ id: String, _ quantity: Int) throws -> VenueOrder {
        VenueOrder(
            id: try OrderID(anyKind: id),
            entry: try OrderID("o1"),
            instrument: try InstrumentID("AAA"),
            side: .sell,
            quantity: try Quantity(Decimal8(quantity)),
            kind: .stop(try Price(Decimal8(90))),
            reducesOnly: true
        )
    }

    @Test(
        "a stop at the venue is taken up in its size, and what it does not cover gets another one"
    )
    func stop() throws {
        var life = try life()

        let sent = try life.look(open: [("o1!s1", 4)], [try fill("f1", of: "o1", 10)])

        #expect(sent == [.place(try stop("o1!s2", 6))])
        #expect(life.dispatcher.protected(of: try OrderID("o1")) == Decimal8(10))
        let next = OrderDispatcher(journal: life.journal)
        #expect(next.protected(of: try OrderID("o1")) == Decimal8(10))
        #expect(life.journal.contains(.intent(try stop("o1!s1", 4), verdict: "v", stop: nil)))
    }

    @Test("a number that such an order has is not given again")
    func number() throws {
        var life = try life()

        let sent = try life.look(open: [("o1!s2", 4)], [try fill("f1", of: "o1", 10)])

        #expect(sent == [.place(try stop("o1!s3", 6))])
    }

    @Test("an order that closes is waited for, and nothing else is sent, also in the next life")
    func closing() throws {
        var life = try life()
        let entry = try OrderID("o1")

        let sent = try life.look(open: [("o1!x2", 10)], [try fill("f1", of: "o1", 10)])
        var next = Life(life.journal)
        let later = try next.look(open: [("o1!x2", 10)], [try fill("f1", of: "o1", 10)])
        let done = try next.look([
            try fill("f1", of: "o1", 10), try fill("f2", of: "o1!x2", 10, .sell),
        ])

        #expect(sent.isEmpty && later.isEmpty && done.isEmpty)
        #expect(life.dispatcher.closing[entry] == .exit)
        #expect(next.dispatcher.held(of: entry) == .zero)
        #expect(next.dispatcher.external.isEmpty)
    }

    @Test("executions alone tell of one as well, but only in a survey, which has all of them")
    func executions() throws {
        var life = try life()
        let entry = try OrderID("o1")
        let fills = [
            try fill("f1", of: "o1", 10), try fill("f2", of: "o1!s1", 3, .sell),
            try fill("f3", of: "o1!s1", 7, .sell),
        ]

        let asked = life.take(.fill(fills[1]))
        let known = life.dispatcher.fills.count
        let sent = try life.look(fills)

        #expect(asked.map { if case .survey = $0 { true } else { false } } == [true])
        #expect(known == 0)
        #expect(sent.isEmpty)
        #expect(life.dispatcher.held(of: entry) == .zero)
        #expect(try life.rest(of: "o1!s1") == .zero)
    }

    @Test("the venue's word for the size of a stop counts, and is kept for the next life")
    func resized() throws {
        var life = try life([.intent(try stop("o1!s1", 10), verdict: "v", stop: nil)])

        let sent = try life.look(open: [("o1!s1", 6)], [try fill("f1", of: "o1", 10)])

        #expect(sent == [.place(try stop("o1!s2", 4))])
        let next = OrderDispatcher(journal: life.journal)
        #expect(next.orders[try OrderID(anyKind: "o1!s1")]?.order == (try stop("o1!s1", 6)))
        #expect(next.protected(of: try OrderID("o1")) == Decimal8(10))
    }

    @Test(
        "what has no id of the desk's for an entry that it knows is not taken up",
        arguments: ["o2!s1", "o1!z1", "o1!s", "o1!s1!s1", "x1"]
    )
    func others(id: String) throws {
        var life = try life()

        _ = try life.look(open: [(id, 10)])

        #expect(try life.rest(of: id) == nil)
    }
}
