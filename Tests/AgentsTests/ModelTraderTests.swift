// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("A trader with a model")
struct ModelTraderTests {
    private func wish(
        _ symbol: String,
        enters: Bool = true,
        exits: Bool = false,
        side: String = "long",
        closes: [Double] = Sample.calm(60)
    ) throws -> Wish {
        let strategy = try Sample.strategy(side: side)
        return Wish(
            strategy: strategy,
            hash: strategy.hash.description,
            series: try Sample.series(symbol, through: "2024-03-08", closes: closes),
            enters: enters,
            exits: exits
        )
    }

    private func judge(
        _ port: ScriptedPort,
        _ wishes: [Wish],
        holding: [String] = []
    ) throws -> Judged {
        var memory = ResearcherMemory(StateFile())
        memory.holdings = holding.map { symbol in
            .init(
                hash: wishes[0].hash,
                symbol: symbol,
                family: "f",
                stage: .held,
                intent: "i",
                context: [:],
                ranks: [:]
            )
        }
        let input = try Sample.input(try Sample.instant("2024-03-08T21:00:00Z"))
        return try ModelTrader(settings: try port.settings(), capital: 1_000_000)
            .judge(wishes, input, memory)
    }

    private static func entry(_ signal: String = "buy_to_enter", stop: Double = 90) -> JSON {
        [
            "signal": .string(signal), "quantity": 5, "profit_target": 150,
            "stop_loss": .double(stop), "invalidation_condition": "falls", "confidence": 0.5,
            "risk_usd": 50,
        ]
    }

    @Test("an entry is made where a strategy wants it and the model says so, with its plan")
    func enters() throws {
        let words: JSON = ["AAA": Self.entry(), "BBB": ["signal": "hold"]]
        let port = ScriptedPort(words: [words.compactText])

        let judged = try judge(port, [try wish("AAA"), try wish("BBB")])

        #expect(judged.wishes.map(\.enters) == [true, false])
        #expect(judged.wishes[0].decision["stop_loss"] == 90.0)
        #expect(judged.story.isEmpty)
    }

    @Test("one bad symbol does not lose the others, and is not entered after one repair")
    func badSymbol() throws {
        let bad: JSON = ["AAA": Self.entry(), "BBB": Self.entry(stop: 200)]
        let port = ScriptedPort(words: [bad.compactText, bad.compactText])

        let judged = try judge(port, [try wish("AAA"), try wish("BBB")])

        #expect(judged.wishes.map(\.enters) == [true, false])
        #expect(judged.story.count == 1)
        #expect(judged.story[0].hasPrefix("no decision on BBB: stop_loss and profit_target"))
        #expect(port.asked.count == 2)
        #expect(port.lastWords.contains("- BBB: stop_loss and profit_target must lie"))
        #expect(!port.lastWords.contains("- AAA"))
    }

    @Test("of several strategies the first that wants that side enters, and no other")
    func once() throws {
        let words: JSON = ["AAA": Self.entry()]
        let port = ScriptedPort(words: [words.compactText])

        let judged = try judge(
            port,
            [
                try wish("AAA", enters: false), try wish("AAA", side: "short"), try wish("AAA"),
                try wish("AAA"),
            ]
        )

        #expect(judged.wishes.map(\.enters) == [false, false, true, false])
    }

    @Test("a repair is about what is open alone, and changes nothing that was decided")
    func repairedRest() throws {
        let first: JSON = ["AAA": Self.entry(), "BBB": ["signal": "moon"]]
        for again in [["BBB": ["signal": "hold"]], ["AAA": ["signal": "hold"], "BBB": 7]] as [JSON]
        {
            let port = ScriptedPort(words: [first.compactText, again.compactText])

            let judged = try judge(port, [try wish("AAA"), try wish("BBB")])

            #expect(judged.wishes.map(\.enters) == [true, false])
            #expect(judged.story.allSatisfy { !$0.contains("AAA") }, "\(judged.story)")
        }
    }

    @Test("a symbol without a price is not entered, and nobody is asked")
    func priceless() throws {
        let port = ScriptedPort([])

        let judged = try judge(port, [try wish("AAA", closes: [])])

        #expect(port.asked.isEmpty && !judged.wishes[0].enters)
    }

    @Test("a repair counts")
    func repaired() throws {
        let good: JSON = ["AAA": Self.entry()]
        let port = ScriptedPort(words: ["I would buy.", good.compactText])

        let judged = try judge(port, [try wish("AAA")])

        #expect(judged.wishes[0].enters)
        #expect(judged.story.isEmpty)
    }

    @Test("nothing is derived from prose, refusals or silence, and strategies' exits stand")
    func nothing() throws {
        let ports = [
            ScriptedPort(words: ["BUY! {\"AAA\": 1}", "still BUY"]), ScriptedPort([]),
            ScriptedPort([.success(ScriptedPort.words("{}", stop: .refused))]),
        ]

        for port in ports {
            let judged = try judge(
                port,
                [try wish("AAA"), try wish("BBB", enters: false, exits: true)],
                holding: ["BBB"]
            )

            #expect(judged.wishes.map(\.enters) == [false, false])
            #expect(judged.wishes.map(\.exits) == [false, true])
            #expect(judged.story.contains { $0.contains("AAA") })
        }
    }

    @Test("what is held can be left early")
    func closes() throws {
        let words: JSON = ["AAA": ["signal": "close_position"]]

        let judged = try judge(
            ScriptedPort(words: [words.compactText]),
            [try wish("AAA", enters: false)],
            holding: ["AAA"]
        )

        #expect(judged.wishes[0].exits)
    }

    @Test("nobody is asked while there is nothing to decide")
    func quiet() throws {
        let port = ScriptedPort([])

        let judged = try judge(port, [try wish("AAA", enters: false)])

        #expect(port.asked.isEmpty)
        #expect(!judged.wishes[0].enters)
    }
}
