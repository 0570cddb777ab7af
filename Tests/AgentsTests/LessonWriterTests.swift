// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Testing

@testable import Agents

@Suite("Lesson writing")
struct LessonWriterTests {
    static func lesson(
        _ context: JSON,
        _ ranks: JSON,
        family: String = "trend",
        symbol: String = "AAA",
        loss: String = "-12.345"
    ) throws -> Lesson? {
        let writer = LessonWriter(family: family, symbol: symbol, context: context, ranks: ranks)
        return writer.lesson(
            trade: "trade-0123456789ab",
            loss: try #require(Decimal8(loss)),
            date: try Sample.date("2024-03-08")
        )
    }

    /// Whether a lesson's predicate allows an entry, checked by way of its signal.
    static func allows(
        _ lesson: Lesson,
        _ context: JSON,
        action: String = "enter",
        family: String = "trend",
        symbol: String = "AAA"
    ) throws -> Bool {
        let read = try Lesson(json: lesson.json)
        let expression = try Expression(parsing: read.predicate)
        let bindings = Bindings([
            "action": .string(action), "family": .string(family), "symbol": .string(symbol),
            "context": Value(context),
        ])
        return try expression.value(in: bindings) == .bool(true)
    }

    @Test("the most unusual circumstance is named, and one as far out is forbidden")
    func names() throws {
        let context: JSON = ["gap": 0.0123, "trend": 0.2]

        let lesson = try #require(try Self.lesson(context, ["gap": 0.97, "trend": 0.6]))

        #expect(lesson.slug == "trend-aaa-gap-high")
        #expect(
            lesson.text
                == "AAA by trend lost 12.34 after an entry with gap above 97 % of the year before."
        )
        #expect(try !Self.allows(lesson, context))
        #expect(try !Self.allows(lesson, ["gap": 0.5, "trend": 0.0]))
        #expect(try Self.allows(lesson, ["gap": 0.01, "trend": 0.0]))
    }

    @Test("an unusually low value forbids that and lower ones")
    func low() throws {
        let context: JSON = ["gap": -0.03, "trend": 0.2]

        let lesson = try #require(try Self.lesson(context, ["gap": 0.01, "trend": 0.6]))

        #expect(lesson.slug == "trend-aaa-gap-low")
        #expect(lesson.text.contains("gap below 1 %"))
        #expect(try !Self.allows(lesson, context))
        #expect(try Self.allows(lesson, ["gap": -0.02, "trend": 0.2]))
    }

    @Test("exits, other families and other symbols are not forbidden")
    func others() throws {
        let context: JSON = ["gap": 0.0123]

        let lesson = try #require(try Self.lesson(context, ["gap": 1]))

        #expect(try Self.allows(lesson, context, action: "exit"))
        #expect(try Self.allows(lesson, context, family: "breakout"))
        #expect(try Self.allows(lesson, context, symbol: "BBB"))
    }

    @Test(
        "the very entry is forbidden, however its value rounds",
        arguments: [
            0.0, 0.00004, 0.00005, 0.00006, 0.12339999999999, 0.1234, 0.12340000001,
            0.1 + 0.2, 1.0, 3.00001, 12345.67891,
        ]
    )
    func forbidsItself(value: Double) throws {
        for signed in [value, -value] {
            for rank in [0.0, 1.0] {
                let context: JSON = ["volume": .double(signed)]

                let lesson = try #require(try Self.lesson(context, ["volume": .double(rank)]))

                #expect(try !Self.allows(lesson, context), "\(lesson.predicate)")
            }
        }
    }

    @Test("of equally unusual circumstances the first is named")
    func ties() throws {
        let lesson = try Self.lesson(["gap": 0.1, "trend": -0.1], ["gap": 1, "trend": 0])

        #expect(lesson?.slug == "trend-aaa-gap-high")
    }

    @Test("without a context, or with a value beyond reckoning, there is no lesson")
    func nothing() throws {
        #expect(try Self.lesson([:], [:]) == nil)
        #expect(try Self.lesson([:], ["gap": 1]) == nil)
        #expect(try Self.lesson(["gap": 1e300], ["gap": 1]) == nil)
    }

    @Test("a symbol's marks do not spoil the slug", arguments: ["BRK.B", "A-_.B", "-X-", "..."])
    func slugs(symbol: String) throws {
        let lesson = try #require(
            try Self.lesson(["volatility": 1], ["volatility": 1], symbol: symbol)
        )

        #expect(try Lesson(json: lesson.json) == lesson)
    }

    @Test("the longest names still give a slug that is taken")
    func longest() throws {
        let symbol = String(repeating: "A", count: 32)

        let lesson = try #require(
            try Self.lesson(
                ["volatility": 1],
                ["volatility": 1],
                family: "turn-of-month",
                symbol: symbol
            )
        )

        #expect(try Lesson(json: lesson.json).slug.utf8.count <= 64)
    }
}
