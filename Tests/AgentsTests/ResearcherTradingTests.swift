// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Testing

@testable import Agents

@Suite("Researcher: intents and lessons")
struct ResearcherTradingTests {
    static let entry = "intent-0000000000e1"
    static let leave = "intent-0000000000e2"

    @Test("only a strategy that passed is traded, and its intent names the verdict")
    func approval() throws {
        var driver = try ResearcherDriver()

        let before = try driver.bar(position: 0.1)
        try driver.approve()
        let idle = try driver.bar(position: 0.5)
        let entered = try driver.bar(position: 0.1)

        let intent = try #require(entered.bodies(.intent).first)
        #expect(before.signals.isEmpty)
        #expect(idle.signals.isEmpty)
        #expect(intent["action"]?.stringValue == "enter")
        #expect(intent["approval"]?.stringValue == ResearcherDriver.verdict)
        #expect(intent["strategy_hash"]?.stringValue == driver.hash)
        #expect(intent["context"]?["gap"] != nil)
        #expect(driver.stage == "asked")
    }

    @Test("a verdict that did not pass, or names no date, approves nothing")
    func noApproval() throws {
        var driver = try ResearcherDriver()
        let failed: JSON = [
            "kind": "report", "strategy_hash": .string(driver.hash), "passed": false,
            "approved_until": .null,
        ]
        let dateless: JSON = [
            "kind": "report", "strategy_hash": .string(driver.hash), "passed": true,
            "approved_until": "soon",
        ]

        for body in [failed, dateless] {
            try driver.hear(Signal(id: "verdict-1", topic: .verdict, body: body))
        }
        let output = try driver.bar(position: 0.1)

        #expect(output.signals.isEmpty)
        #expect(driver.state["approvals"] == [])
    }

    @Test("an approval holds through its last day and then leaves what is held")
    func expiry() throws {
        var driver = try ResearcherDriver()
        try driver.approve(until: "2024-03-11")

        let friday = try driver.bar(position: 0.1)
        try driver.judge("enter", passed: true, intent: Self.entry)
        let monday = try driver.bar(position: 0.5)
        let tuesday = try driver.bar(position: 0.5)

        #expect(friday.bodies(.intent).count == 1)
        #expect(monday.signals.isEmpty)
        #expect(tuesday.bodies(.intent).map { $0["action"]?.stringValue } == ["exit"])
        #expect(driver.stage == "leaving")
    }

    @Test("an approval that has run out allows no entry")
    func expiredEntry() throws {
        var driver = try ResearcherDriver()
        try driver.approve(until: "2024-03-07")

        let output = try driver.bar(position: 0.1)

        #expect(output.signals.isEmpty)
    }

    @Test("a rule of its own skill forbids an entry, with a note that gives the value")
    func ownRule() throws {
        var driver = try ResearcherDriver()
        try driver.approve()

        let output = try driver.bar(position: 0.1, close: 20)

        #expect(output.signals.isEmpty)
        #expect(output.notes.first?.contains("context.trend is -0.7") == true)
        #expect(output.summary.contains("a rule forbids it"))
        #expect(driver.holding == nil)
    }

    @Test("a rule that cannot be evaluated forbids an entry")
    func unusableRule() throws {
        var driver = try ResearcherDriver(
            skill: try Sample.skill("an intent", rules: ["[context.gap][1] > 0.0"])
        )
        try driver.approve()

        let output = try driver.bar(position: 0.1)

        #expect(output.signals.isEmpty)
        #expect(output.notes.count == 1)
    }

    @Test("an exit is never forbidden")
    func exitDespiteRules() throws {
        var driver = try ResearcherDriver()
        _ = try driver.enter()
        let forbidding = try Sample.skill("an intent", rules: ["false"])
        var strict = try ResearcherDriver(skill: forbidding)
        strict.state = driver.state

        let output = try strict.bar(position: 0.9, close: 20)

        #expect(output.bodies(.intent).first?["action"]?.stringValue == "exit")
        #expect(strict.stage == "leaving")
    }

    @Test("a position that is asked for or held is not asked for again")
    func onlyOnce() throws {
        var driver = try ResearcherDriver()
        try driver.approve()

        _ = try driver.bar(position: 0.1)
        let asked = try driver.bar(position: 0.1)
        try driver.judge("enter", passed: true, intent: Self.entry)
        let held = try driver.bar(position: 0.1)

        #expect(asked.signals.isEmpty)
        #expect(held.signals.isEmpty)
        #expect(driver.stage == "held")
    }

    @Test("an entry that is refused is forgotten and may be asked for again")
    func refusedEntry() throws {
        var driver = try ResearcherDriver()
        try driver.approve()
        _ = try driver.bar(position: 0.1)

        try driver.judge("enter", passed: false, intent: Self.entry)
        let none = driver.holding
        let again = try driver.bar(position: 0.1)

        #expect(none == nil)
        #expect(again.bodies(.intent).count == 1)
    }

    @Test("an exit that is refused leaves the position held and is asked for again")
    func refusedExit() throws {
        var driver = try ResearcherDriver()
        _ = try driver.enter()

        _ = try driver.bar(position: 0.9)
        let waiting = try driver.bar(position: 0.9)
        try driver.judge("exit", passed: false, intent: Self.leave)
        let stage = driver.stage
        let again = try driver.bar(position: 0.9)

        #expect(waiting.signals.isEmpty)
        #expect(stage == "held")
        #expect(again.bodies(.intent).map { $0["action"]?.stringValue } == ["exit"])
    }

    @Test(
        "an entry whose order came to nothing is forgotten",
        arguments: ["unplaced", "rejected", "expired"]
    )
    func deadEntry(state: String) throws {
        var driver = try ResearcherDriver()
        _ = try driver.enter()

        try driver.fill("o-0000000000e1", state: state)

        #expect(driver.holding == nil)
    }

    @Test(
        "an exit whose order came to nothing is asked for again",
        arguments: ["unplaced", "rejected", "expired"]
    )
    func deadExit(state: String) throws {
        var driver = try ResearcherDriver()
        _ = try driver.enter()
        _ = try driver.bar(position: 0.9)
        try driver.judge("exit", passed: true, intent: Self.leave)

        let before = driver.stage
        try driver.fill("o-0000000000e2", state: state)
        let after = driver.stage
        let again = try driver.bar(position: 0.9)

        #expect(before == "leaving")
        #expect(after == "held")
        #expect(again.bodies(.intent).count == 1)
    }

    @Test("an order that is filled, or is somebody else's, changes nothing")
    func otherFills() throws {
        var driver = try ResearcherDriver()
        _ = try driver.enter()
        _ = try driver.bar(position: 0.9)
        try driver.judge("exit", passed: true, intent: Self.leave)
        let state = driver.state

        try driver.fill("o-0000000000e1", state: "filled")
        try driver.fill("o-ffffffffffff", state: "rejected")
        try driver.fill("o-0000000000e1!stop", state: "rejected")

        #expect(driver.state == state)
    }

    @Test("a symbol without a bar today is left alone")
    func staleBar() throws {
        var driver = try ResearcherDriver()
        try driver.approve()
        let researcher = try Researcher(
            market: FixedMarket(
                last: [
                    try Sample.series(
                        through: "2024-03-07",
                        closes: Sample.calm(80),
                        position: 0.1
                    )
                ]),
            families: ["reversion"],
            symbols: ["AAA"],
            cadence: 1000,
            budget: 1
        )

        let output = try researcher.turn(
            try Sample.input(
                try Sample.close("2024-03-08"),
                [ResearcherTests.bars],
                state: driver.state
            )
        )

        #expect(output.signals.isEmpty)
    }

    // MARK: - Lessons

    @Test("a loss becomes a lesson whose rule keeps out the very entry it came from")
    func lesson() throws {
        var driver = try ResearcherDriver()
        let entered = try driver.enter()

        let output = try driver.close(profit: "-250.5")

        let lesson = try Lesson(json: try #require(output.bodies(.lesson).first))
        let context = try #require(entered.bodies(.intent).first?["context"])
        let entry = Bindings([
            "action": .string("enter"), "family": .string("reversion"),
            "symbol": .string("AAA"), "context": Value(context),
        ])
        #expect(try Expression(parsing: lesson.predicate).value(in: entry) == .bool(false))
        #expect(lesson.trade == "trade-00000000000e")
        #expect(lesson.text.contains("AAA by reversion lost 250.5"))
        #expect(driver.holding == nil)
    }

    @Test("the lesson, once merged, forbids the same entry the next time")
    func merged() throws {
        var driver = try ResearcherDriver()
        _ = try driver.enter()
        let lost = try driver.close(profit: "-1")
        let lesson = try Lesson(json: try #require(lost.bodies(.lesson).first))
        let file = "agents/researcher/SKILL.md"
        let text = String(decoding: try Sample.root.read(file), as: UTF8.self)
        let merged = try Skill(parsing: try #require(lesson.applied(to: text)), file: file)

        var wiser = try ResearcherDriver(skill: merged)
        let repeated = try wiser.enter()

        #expect(repeated.bodies(.intent).isEmpty)
        #expect(repeated.notes.isEmpty == false)
    }

    @Test("the same lesson is not proposed twice")
    func twice() throws {
        var driver = try ResearcherDriver()
        _ = try driver.enter()
        let first = try driver.close(profit: "-1")
        var again = try ResearcherDriver()
        again.state["lessons"] = first.state["lessons"]
        _ = try again.enter()

        let second = try again.close(profit: "-1")

        #expect(first.bodies(.lesson).count == 1)
        #expect(second.bodies(.lesson).isEmpty)
        #expect(second.summary == "AAA lost 1")
    }

    @Test("a gain teaches nothing, and neither does a trade of somebody else's")
    func noLesson() throws {
        var driver = try ResearcherDriver()
        let strange = try driver.close(profit: "-10")
        _ = try driver.enter()

        let won = try driver.close(profit: "10.256")
        let even = try driver.close(profit: "0")

        #expect(strange.signals.isEmpty)
        #expect(won.signals.isEmpty)
        #expect(won.summary == "AAA won 10.26")
        #expect(even.signals.isEmpty)
    }

    @Test("the same turns give the same bytes")
    func deterministic() throws {
        func story() throws -> [[UInt8]] {
            var driver = try ResearcherDriver()
            let entered = try driver.enter()
            let left = try driver.bar(position: 0.9)
            return [entered.bytes, left.bytes, try driver.close(profit: "-3").bytes]
        }

        #expect(try story() == story())
    }
}
