// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("Researcher: strategies that people put forward")
struct ResearcherRequestTests {
    private static func strategy(
        _ name: String,
        universe: String = "AAA",
        level: Int = 1
    ) -> JSON {
        [
            "schema": 1, "name": .string(name), "family": "custom",
            "universe": [.string(universe)], "side": "long",
            "enter": .string("close > \(level)"), "exit": "close < 1", "size": 0.02,
        ]
    }

    private static func request(_ payload: JSON) -> JSON {
        ["kind": "person", "id": "r", "time": "2024-03-08T21:00:00Z", "payload": payload]
    }

    private static func turn(
        _ researcher: Researcher,
        _ payloads: [JSON],
        state: StateFile = StateFile()
    ) throws -> TurnOutput {
        let output = try researcher.turn(
            try Sample.input(
                try Sample.close("2024-03-08"),
                state: state,
                requests: payloads.map(request)
            )
        )
        try output.requireWellFormed()
        return output
    }

    @Test("a strategy is proposed in the turn that hears of it, and counted")
    func proposed() throws {
        let researcher = try ResearcherTests.researcher(sessions: 300)

        let output = try Self.turn(researcher, [["propose": Self.strategy("mine")]])

        let body = try #require(output.bodies(.proposal).first)
        let strategy = try Strategy(Self.strategy("mine"))
        #expect(ResearcherTests.names(output) == ["mine"])
        #expect(body["strategy_hash"]?.stringValue == strategy.hash.description)
        #expect(body["hypothesis"] == 1)
        #expect(output.state["hypotheses"] == 1)
        #expect(output.state["proposed"]?.arrayValue?.count == 1)
        #expect(output.summary == "proposed mine, put forward by a person")
    }

    private static func approval(_ strategy: JSON, isGiven: Bool) throws -> StateFile {
        let known = try Strategy(strategy)
        let entry: JSON = [
            "strategy_hash": .string(known.hash.description), "verdict": "verdict-1",
            "until": "2024-12-31",
        ]
        return StateFile(values: [
            .init("approvals", .array(isGiven ? [entry] : [])),
            .init("proposed", [known.json]),
        ])
    }

    @Test(
        "a trade that a person asks for becomes an intent under an approved strategy alone",
        arguments: [true, false]
    )
    func trade(_ isApproved: Bool) throws {
        let researcher = try ResearcherTests.researcher(sessions: 300, hasRecent: true)
        let strategy = Self.strategy("mine", level: 1_000_000)
        let hash = try Strategy(strategy).hash.description
        let wish: JSON = [
            "trade": ["action": "enter", "strategy_hash": .string(hash), "symbol": "AAA"]
        ]

        let output = try Self.turn(
            researcher,
            [wish],
            state: try Self.approval(strategy, isGiven: isApproved)
        )

        let intents = output.bodies(.intent)
        #expect(intents.count == (isApproved ? 1 : 0), "\(output.summary)")
        if isApproved {
            #expect(intents.first?["action"] == "enter" && intents.first?["symbol"] == "AAA")
        } else {
            #expect(output.summary == "enter AAA was asked for and may not be")
        }
    }

    @Test("a trade that names no strategy or symbol of the desk's is told and does nothing")
    func unknownTrade() throws {
        let researcher = try ResearcherTests.researcher(sessions: 300)

        let output = try Self.turn(
            researcher,
            [
                ["trade": ["action": "enter", "strategy_hash": "x", "symbol": "AAA"]],
                ["trade": ["action": "burn"]],
            ]
        )

        #expect(output.bodies(.intent).isEmpty)
        #expect(
            output.summary == "enter AAA was asked for without a strategy or a price for it;"
                + " a trade that was asked for cannot be read"
        )
    }

    @Test("no more are proposed in a turn than the budget allows")
    func budget() throws {
        let researcher = try ResearcherTests.researcher(sessions: 300, budget: 2)
        let payloads = (1...3).map { level in
            JSON.object([.init("propose", Self.strategy("s\(level)", level: level))])
        }

        let output = try Self.turn(researcher, payloads)

        #expect(ResearcherTests.names(output) == ["s1", "s2"])
        #expect(output.summary.contains("s3 was put forward beyond the budget"))
    }

    @Test(
        "what is no strategy, or has no history, is not proposed and harms nothing",
        arguments: [
            (["propose": ["name": "x"]], "cannot be read"), (["propose": 7], "cannot be read"),
            (["propose": Self.strategy("mine", universe: "ZZZ")], "without enough history"),
        ] as [(JSON, String)]
    )
    func refused(payload: JSON, words: String) throws {
        let researcher = try ResearcherTests.researcher(sessions: 300)

        let output = try Self.turn(researcher, [payload])

        #expect(output.bodies(.proposal).isEmpty)
        #expect(output.summary.contains(words))
        #expect(output.state["proposed"] == nil)
    }

    @Test(
        "other requests are no proposals",
        arguments: [
            .null, "do something", ["ask": "why"], [],
        ] as [JSON]
    )
    func others(payload: JSON) throws {
        let researcher = try ResearcherTests.researcher(sessions: 300)

        let output = try Self.turn(researcher, [payload])

        #expect(output.signals.isEmpty)
        #expect(output.summary == "nothing to do")
    }

    @Test("only so many strategies are remembered, the oldest goes first")
    func limit() throws {
        let researcher = try ResearcherTests.researcher(sessions: 300, budget: 100)
        let levels = Array(1...Researcher.proposedLimit + 1)

        let output = try Self.turn(
            researcher,
            levels.map { .object([.init("propose", Self.strategy("s\($0)", level: $0))]) }
        )

        let kept = output.state["proposed"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
        #expect(kept == levels.dropFirst().map { "s\($0)" })
    }
}
