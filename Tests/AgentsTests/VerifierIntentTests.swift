// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("Verifier: intents")
struct VerifierIntentTests {
    static let friday = "2024-03-08"

    /// A verifier that has approved a strategy, with bars through Friday, 8 March 2024.
    static func bench(_ strategy: Strategy, through last: String = friday) throws -> VerifierBench {
        var bench = VerifierBench([
            try Sample.series("AAA", through: last, closes: Sample.calm(80)),
            try Sample.series("BBB", through: last, closes: Sample.calm(80)),
        ])
        try bench.approve(strategy)
        return bench
    }

    static func judge(
        _ bench: VerifierBench,
        _ strategy: Strategy,
        _ action: String = "enter"
    ) throws -> TurnOutput {
        var bench = bench
        return try bench.turn(
            [try VerifierBench.intent(strategy, action)],
            at: try Sample.close(friday)
        )
    }

    @Test("an approved strategy's own decision passes with all that an order needs")
    func allowed() throws {
        let strategy = try Sample.strategy(
            extra: [.init("stop", 0.1), .init("target", 0.2), .init("hold", 5)])

        let output = try Self.judge(try Self.bench(strategy), strategy)

        let body = try #require(output.bodies(.verdict).first)
        #expect(try output.broken() == [])
        #expect(body["passed"]?.boolValue == true)
        #expect(body["subject"]?.stringValue == "intent-000000000001")
        #expect(body["side"]?.stringValue == "long")
        #expect(body["size"]?.doubleValue == 0.02)
        #expect(body["close"]?.doubleValue == Sample.calm(80).last)
        #expect(body["stop"]?.doubleValue == 0.1)
        #expect(body["target"]?.doubleValue == 0.2)
        #expect(body["hold"]?.intValue == 5)
        #expect(output.summary == "enter AAA allowed")
    }

    @Test("a stop or a target by distance is told as its share of the close")
    func distances() throws {
        let strategy = try Sample.strategy(
            extra: [.init("stop", "0.05 * close"), .init("target", "2.0 * 0.125 * close")]
        )

        let output = try Self.judge(try Self.bench(strategy), strategy)

        let body = try #require(output.bodies(.verdict).first)
        #expect(body["passed"]?.boolValue == true)
        let stop = try #require(body["stop"]?.doubleValue)
        let target = try #require(body["target"]?.doubleValue)
        #expect(abs(stop - 0.05) < 1e-12)
        #expect(abs(target - 0.25) < 1e-12)
    }

    @Test("a strategy that never passed may not enter, whatever the intent says")
    func unapproved() throws {
        let bench = try Self.bench(try Sample.strategy(size: 0.01))

        let output = try Self.judge(bench, try Sample.strategy())

        #expect(try output.broken() == [#"action == "exit" || is_approved"#, "is_reproduced"])
        #expect(output.summary.hasPrefix("enter AAA refused: Only an approved strategy"))
    }

    @Test("an approval that has run out allows no entry and every exit")
    func expired() throws {
        let strategy = try Sample.strategy()
        var bench = try Self.bench(strategy)
        try bench.approve(strategy, until: "2024-03-07")

        let entry = try Self.judge(bench, strategy)
        let exit = try Self.judge(bench, strategy, "exit")

        #expect(try entry.broken() == [#"action == "exit" || is_approved"#])
        #expect(exit.passes == [true])
    }

    @Test("an approval holds through its last day")
    func lastDay() throws {
        let strategy = try Sample.strategy()
        var bench = try Self.bench(strategy)
        try bench.approve(strategy, until: Self.friday)

        #expect(try Self.judge(bench, strategy).passes == [true])
    }

    @Test("a decision that does not follow from the bars is refused, in and out")
    func notReproduced() throws {
        let strategy = try Sample.strategy(enter: "close > 1000.0", exit: "close > 1000.0")
        let bench = try Self.bench(strategy)

        #expect(try Self.judge(bench, strategy).broken() == ["is_reproduced"])
        #expect(try Self.judge(bench, strategy, "exit").broken() == ["is_reproduced"])
    }

    @Test("without a bar today nothing is reproduced, and a rule says that there is no close")
    func staleBar() throws {
        let strategy = try Sample.strategy(exit: "close > 0.0")
        let bench = try Self.bench(strategy, through: "2024-03-07")

        let output = try Self.judge(bench, strategy)

        #expect(try output.broken() == ["is_reproduced", ""])
        #expect(output.bodies(.verdict).first?["close"] == .null)
        #expect(try Self.judge(bench, strategy, "exit").passes == [false])
    }

    @Test("without a bar today nothing passes, even if no rule asks for one")
    func staleBarWithoutRule() throws {
        let strategy = try Sample.strategy()
        var bench = try Self.bench(strategy, through: "2024-03-07")
        let lenient = try Sample.skill("an intent", rules: ["true"])

        let output = try bench.turn(
            [try VerifierBench.intent(strategy)],
            at: try Sample.close(Self.friday),
            skills: [lenient]
        )

        #expect(output.passes == [false])
        #expect(try VerifierMemory(bench.state).exposure(of: ["AAA"]) == .zero)
    }

    @Test("no entry is filled in a session of the central bank; the session is the next weekday")
    func fomc() throws {
        let strategy = try Sample.strategy(exit: "close > 0.0")
        var monday = try Self.bench(strategy)
        monday.fomc = ["2024-03-11"]
        var tuesday = try Self.bench(strategy)
        tuesday.fomc = [Self.friday, "2024-03-12"]

        #expect(
            try Self.judge(monday, strategy).broken() == [
                #"action == "exit" || !calendar.is_fomc"#
            ]
        )
        #expect(try Self.judge(tuesday, strategy).passes == [true])
        #expect(try Self.judge(monday, strategy, "exit").passes == [true])
    }

    @Test(
        "no entry is filled within 48 hours of the company's earnings",
        arguments: [
            ("2024-03-08", true), ("2024-03-11", false), ("2024-03-12", false),
            ("2024-03-13", false), ("2024-03-14", true),
        ]
    )
    func earnings(date: String, passes: Bool) throws {
        let strategy = try Sample.strategy(exit: "close > 0.0")
        var bench = try Self.bench(strategy)
        bench.earnings = [("AAA", date), ("BBB", "2024-03-11")]

        let output = try Self.judge(bench, strategy)

        #expect(output.passes == [passes])
        #expect(try output.broken().allSatisfy { $0.contains("earnings_in") })
        #expect(try Self.judge(bench, strategy, "exit").passes == [true])
    }

    @Test("a company whose earnings no calendar knows may be entered")
    func noEarnings() throws {
        let strategy = try Sample.strategy()
        var bench = try Self.bench(strategy)
        bench.earnings = [("BBB", "2024-03-11")]

        #expect(try Self.judge(bench, strategy).passes == [true])
    }

    @Test("a position above two per cent is refused")
    func fraction() throws {
        let strategy = try Sample.strategy(size: 0.0201)

        let output = try Self.judge(try Self.bench(strategy), strategy)

        #expect(try output.broken() == ["position_fraction <= 0.02"])
    }

    @Test("a symbol without a sector is a sector of its own")
    func noSector() throws {
        let strategy = try Sample.strategy(exit: "close > 0.0")
        var bench = try Self.bench(strategy)
        bench.sectors = ["BBB": "technology"]

        #expect(try Self.judge(bench, strategy).passes == [true])
        #expect(try Self.judge(bench, strategy, "exit").passes == [true])
    }

    // MARK: - Sector exposure

    /// A verifier whose sector holds fifteen positions of two per cent.
    static func full(_ strategy: Strategy) throws -> VerifierBench {
        var bench = try Self.bench(strategy)
        let intents = try (1...15).map { number in
            try VerifierBench.intent(
                strategy,
                symbol: number % 2 == 0 ? "AAA" : "BBB",
                id: "intent-0000000000\(number + 10)"
            )
        }
        let output = try bench.turn(intents, at: try Sample.close(friday))
        try #require(output.passes.allSatisfy { $0 == true })
        return bench
    }

    static func said(_ topic: Topic, _ body: JSON) -> Signal {
        Signal(id: "\(topic.rawValue)-000000000001", topic: topic, body: body)
    }

    @Test("a sector takes thirty per cent and no more, exits aside")
    func sector() throws {
        let strategy = try Sample.strategy(exit: "close > 0.0", universe: ["AAA", "BBB"])
        let bench = try Self.full(strategy)
        var other = bench
        other.sectors = ["AAA": "technology", "BBB": "energy"]

        #expect(
            try Self.judge(bench, strategy).broken() == [
                #"action == "exit" || sector_exposure <= 0.30"#
            ]
        )
        #expect(try Self.judge(bench, strategy, "exit").passes == [true])
        #expect(try Self.judge(other, strategy).passes == [true])
    }

    @Test("an entry that is refused holds nothing")
    func refusedHoldsNothing() throws {
        let strategy = try Sample.strategy(universe: ["AAA", "BBB"])
        var bench = try Self.bench(strategy)
        bench.fomc = ["2024-03-11"]

        _ = try bench.turn([try VerifierBench.intent(strategy)], at: try Sample.close(Self.friday))

        #expect(try VerifierMemory(bench.state).exposure(of: ["AAA"]) == .zero)
    }

    @Test(
        "what was closed, or never came to be held, makes room again",
        arguments: [
            (.trade, ["intent": "intent-000000000011", "symbol": "BBB"]),
            (.fill, ["intent": "intent-000000000011", "state": "unplaced"]),
            (.fill, ["intent": "intent-000000000011", "state": "rejected"]),
            (.fill, ["intent": "intent-000000000011", "state": "expired"]),
        ] as [(Topic, JSON)]
    )
    func release(topic: Topic, body: JSON) throws {
        let strategy = try Sample.strategy(universe: ["AAA", "BBB"])
        var bench = try Self.full(strategy)

        let output = try bench.turn(
            [try VerifierBench.intent(strategy), Self.said(topic, body)],
            at: try Sample.close(Self.friday),
            skills: nil
        )

        #expect(output.passes == [true])
    }

    @Test(
        "a filled order and somebody else's make no room",
        arguments: [
            (.fill, ["intent": "intent-000000000011", "state": "filled"]),
            (.fill, ["intent": "intent-ffffffffffff", "state": "rejected"]),
            (.fill, ["state": "rejected"]),
            (.trade, ["intent": "intent-ffffffffffff"]), (.trade, [:]),
        ] as [(Topic, JSON)]
    )
    func noRelease(topic: Topic, body: JSON) throws {
        let strategy = try Sample.strategy(universe: ["AAA", "BBB"])
        var bench = try Self.full(strategy)
        let state = bench.state

        let signal = Self.said(topic, body)
        let output = try bench.verifier.turn(
            try Sample.input(try Sample.close(Self.friday), [signal], state: bench.state)
        )
        bench.state = output.state

        #expect(bench.state == state)
    }

    @Test("a wish under no known strategy, for no known symbol, is refused like any other")
    func nothingKnown() throws {
        var bench = try Self.bench(try Sample.strategy())

        let output = try bench.turn(
            [Signal(id: "intent-7-1", topic: .intent, body: [:])],
            at: try Sample.close(Self.friday)
        )

        #expect(output.passes == [false])
        #expect(output.bodies(.verdict).first?["subject"] == "intent-7-1")
        #expect(output.summary.hasPrefix("enter of nothing known refused"))
    }

    @Test("an exit passes every rule that an entry would break, all at once")
    func exit() throws {
        let strategy = try Sample.strategy(exit: "close > 0.0", size: 0.5)
        var bench = try Self.bench(strategy)
        try bench.approve(strategy, until: "2024-03-07")
        bench.sectors = [:]
        bench.fomc = ["2024-03-11"]
        bench.earnings = [("AAA", "2024-03-11")]

        let output = try Self.judge(bench, strategy, "exit")

        #expect(try output.broken() == [])
        #expect(output.passes == [true])
    }

    @Test("the same intents give the same verdicts, to the byte")
    func deterministic() throws {
        let strategy = try Sample.strategy(universe: ["AAA", "BBB"])

        #expect(try Self.full(strategy).state == Self.full(strategy).state)
        #expect(
            try Self.judge(try Self.full(strategy), strategy).bytes
                == Self.judge(try Self.full(strategy), strategy).bytes
        )
    }
}
