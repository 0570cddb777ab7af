// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("The book of trials")
struct TrialBookTests {
    private static func place(_ day: Int, _ round: Int = 0) -> Trial.Place {
        Trial.Place(
            time: Instant(CalendarDate(daysSinceEpoch: 10_000 + day)),
            round: round
        )
    }

    private static func trial(
        _ name: String,
        _ place: Trial.Place,
        family: String = "trend",
        origin: String = "agents/a",
        count: Int = 1
    ) -> Trial {
        Trial(
            id: ContentHash(of: name),
            family: family,
            strategy: ["rule": .string(name)],
            place: place,
            origin: origin,
            count: count
        )
    }

    @Test("of one hypothesis the first place counts, and of two at one place a fixed one")
    func firstPlace() {
        var book = TrialBook()

        let taken = [
            book.take(.trial(Self.trial("x", Self.place(5)))),
            book.take(.trial(Self.trial("x", Self.place(7)))),
            book.take(.trial(Self.trial("x", Self.place(5), origin: "agents/b"))),
            book.take(.trial(Self.trial("x", Self.place(3)))),
            book.take(.trial(Self.trial("x", .outside, origin: "backtest"))),
        ]

        #expect(taken == [true, false, false, true, true])
        #expect(book.count == 1 && book.trials.first?.origin == "backtest")
    }

    @Test("what was said in a round counts from the next one on, what is outside always")
    func before() {
        var book = TrialBook()
        for line in [
            TrialLine.trial(Self.trial("early", Self.place(1))),
            .trial(Self.trial("same", Self.place(2, 1))),
            .trial(Self.trial("outside", .outside, count: 40)),
            .look(
                Look(
                    trial: ContentHash(of: "early"),
                    through: .init(daysSinceEpoch: 9),
                    place: Self.place(2, 1)
                )
            ),
        ] { book.take(line) }

        #expect(book.excerpt(before: Self.place(2, 1)).count == 41)
        #expect(book.excerpt(before: Self.place(2, 1)).looks.isEmpty)
        #expect(book.excerpt(before: Self.place(2, 2)).count == 42)
        #expect(book.excerpt(before: Self.place(2, 2)).looks.count == 1)
        #expect(book.excerpt(before: Self.place(0)).count == 40)
    }

    @Test("of too many the newest are told and those that had a look; all count")
    func tooMany() throws {
        let limit = TrialExcerpt.strategyLimit
        let trials = (0..<(limit + 3)).map { Self.trial("\($0)", Self.place($0)) }
        let look = Look(
            trial: trials[1].id,
            through: CalendarDate(daysSinceEpoch: 10_001),
            place: Self.place(2)
        )

        let body = TrialExcerpt(trials: trials, looks: [look]).body(known: [])

        #expect(body["count"] == .int(Int64(limit + 3)))
        let told = try #require(body["trials"]?.arrayValue)
        let ids = Set(told.compactMap { $0["trial"]?.stringValue })
        #expect(told.count == limit + 1)
        #expect(ids.contains(trials[1].id.description) && !ids.contains(trials[0].id.description))
    }

    @Test("where in time a trial was first said is not to be seen from its place among others")
    func order() {
        let trials = (0..<20).map { Self.trial("\($0)", Self.place($0)) }

        let told = TrialExcerpt(trials: trials, looks: []).body(known: [])["trials"]?.arrayValue

        let ids = told?.compactMap { $0["trial"]?.stringValue }
        #expect(ids == trials.map(\.id).sorted().map(\.description))
    }

    @Test("a family that the desk has no name for is told by a hash")
    func families() throws {
        let excerpt = TrialExcerpt(
            trials: [Self.trial("x", .outside), Self.trial("y", .outside, family: "my secret")],
            looks: []
        )

        let text = excerpt.body(known: ["trend"]).compactText

        #expect(text.contains(#""family":"trend""#) && !text.contains("secret"))
    }

    @Test(
        "a line that says nothing sensible is refused",
        arguments: [
            #"{"trial":"HASH","family":"f","count":0,"round":0,"origin":"o"}"#,
            #"{"trial":"HASH","family":"f","count":-3,"round":0,"origin":"o"}"#,
            #"{"look":"HASH","through":"soon","round":0}"#, #"{"name":"HASH"}"#, "{}", "no JSON",
        ]
    )
    func badLine(_ text: String) {
        let line = text.replacing("HASH", with: ContentHash(of: "x").description)

        #expect(throws: JSONError.self) { try TrialLine(Array(line.utf8)) }
    }

    @Test("lines read back make the same book")
    func roundTrip() throws {
        var book = TrialBook()
        book.take(.trial(Self.trial("x", Self.place(1, 2), count: 7)))
        book.take(.name(ContentHash(of: "n"), of: ContentHash(of: "x")))
        book.take(
            .look(
                Look(
                    trial: ContentHash(of: "x"),
                    through: .init(daysSinceEpoch: 9),
                    place: .outside
                )
            )
        )

        var again = TrialBook()
        for line in book.lines { again.take(try TrialLine(line.bytes)) }

        #expect(again == book && again.count == 7)
        #expect(book.lines(missingIn: TrialBook()).count == 3)
        #expect(book.lines(missingIn: again).isEmpty)
    }
}
