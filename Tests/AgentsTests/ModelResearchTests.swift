// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("A researcher with a model")
struct ModelResearchTests {
    private static func note(_ name: String = "rise", window: Int = 20) -> JSON {
        [
            "name": .string(name), "family": "rise", "universe": ["AAA"], "side": "long",
            "parameters": [["name": "n", "value": .int(Int64(window))]], "features": [],
            "enter": "close > lag(close, n)", "exit": "close < lag(close, n)", "size": 0.02,
            "stop": .null, "target": .null, "hold": 20,
        ]
    }

    private static func last(_ notes: [JSON]) -> String {
        (["proposals": .array(notes), "summary": "Done."] as JSON).compactText
    }

    /// One research date over a simulated history.
    private func turn(
        _ port: ScriptedPort,
        sessions: Int = 300,
        budget: Int = 3
    ) throws -> TurnOutput {
        let series = try Sample.simulated(sessions: sessions).series
        let researcher = try Researcher(
            market: FixedMarket(past: series),
            families: [],
            symbols: ["AAA"],
            cadence: 1,
            budget: budget,
            source: ModelHypotheses(
                settings: try port.settings(),
                symbols: ["AAA"],
                costs: Costs(feeRate: 0.0001, slippageRate: 0.0002),
                capital: 1_000_000
            ),
            judge: nil
        )
        let bars = Signal(id: "bars-00000000000b", topic: .bars, body: [:])
        let input = try Sample.input(
            try Sample.instant("2001-06-01T21:00:00Z"),
            [bars],
            shared: [try Sample.skill("skills/trading-rules")]
        )
        let output = try researcher.turn(input)
        try output.requireWellFormed()
        return output
    }

    private func proposals(_ output: TurnOutput) -> [(name: String, withdrawn: Bool)] {
        output.signals.filter { $0.topic == .proposal }.map {
            ($0.body["strategy"]?["name"]?.stringValue ?? "", $0.body["withdrawn"] == true)
        }
    }

    @Test("what it tests goes on record, what it proposes is pursued, by tool or by last words")
    func proposes() throws {
        let port = ScriptedPort([
            .success(ScriptedPort.use("backtest", ["strategy": Self.note("tested", window: 10)])),
            .success(ScriptedPort.use("propose", ["strategy": Self.note("first")])),
            .success(ScriptedPort.words(Self.last([Self.note("second", window: 30)]))),
        ])

        let output = try turn(port)

        let said = proposals(output)
        #expect(said.map(\.name) == ["tested", "first", "second"])
        #expect(said.map(\.withdrawn) == [true, false, false])
        #expect(output.state["hypotheses"] == 3)
        #expect(output.state["proposed"]?.arrayValue?.count == 2)
        #expect(output.notes.count == 1)
        #expect(port.asked[1].turns.last?.parts.count == 1)
        let told = port.asked[1].turns[2].parts[0]
        guard case .toolResult(_, let text, false) = told else {
            Issue.record("the backtest failed: \(told)")
            return
        }
        #expect(text.contains("\"sharpe\""))
    }

    @Test("no more is tried than the budget allows, however it is tried")
    func budget() throws {
        let notes = (1...5).map { Self.note("s\($0)", window: 10 * $0) }
        let port = ScriptedPort([
            .success(ScriptedPort.use("backtest", ["strategy": notes[0]])),
            .success(ScriptedPort.words(Self.last(notes))),
            .success(ScriptedPort.words(Self.last(notes))),
        ])

        let output = try turn(port, budget: 2)

        #expect(proposals(output).map(\.name) == ["s1", "s2"])
        #expect(output.summary.contains("gave up: proposals[2]: 2 strategies were tested"))
    }

    @Test("last words that are wrong are repaired once, with what is wrong with them")
    func repaired() throws {
        let port = ScriptedPort(words: ["Buy AAA!", Self.last([Self.note()])])

        let output = try turn(port)

        #expect(proposals(output).map(\.name) == ["rise"])
        #expect(port.lastWords.contains("expected one JSON value"))
    }

    @Test(
        "what no strategy is made of proposes nothing",
        arguments: [
            "Buy AAA!", "[]", #"{"proposals":[]}"#, #"{"proposals":7,"summary":""}"#,
            #"{"proposals":[],"summary":"","more":1}"#,
            last([note()]).replacing("\"AAA\"", with: "\"ZZZ\""),
            last([note()]).replacing("0.02", with: "0.5"),
            last([note()]).replacing("lag(close, n)", with: "future(close)"),
            last([note()]).replacing("\"long\"", with: "\"up\""),
            last([note()]).replacing("\"hold\":20", with: "\"hold\":2.5"),
            last([note()]).replacing("\"stop\":null", with: "\"stop\":\"5%\""),
            last([note()]).replacing("\"features\"", with: "\"mood\":1,\"features\""),
        ]
    )
    func wrong(text: String) throws {
        let port = ScriptedPort(words: [text, text])

        let output = try turn(port)

        #expect(proposals(output).isEmpty)
        #expect(output.summary.hasPrefix("the model gave up: "))
        #expect(port.asked.count == 2)
    }

    @Test("a model that is not to be had costs the turn nothing but its proposals")
    func failing() throws {
        let output = try turn(ScriptedPort([]))

        #expect(output.summary == "the model gave up: nothing is left")
        #expect(output.signals.isEmpty)
    }

    @Test("while there is too little history nobody is asked")
    func early() throws {
        let port = ScriptedPort([])

        let output = try turn(port, sessions: 100)

        #expect(port.asked.isEmpty)
        #expect(output.summary == "nothing to do")
    }

    @Test("it is told its manual, the names of its skills, and no more of these until it asks")
    func prompt() throws {
        let port = ScriptedPort(words: [Self.last([])])

        _ = try turn(port)

        let asked = try #require(port.asked.first)
        let system = asked.system.joined(separator: "\n")
        let rules = try Sample.skill("skills/trading-rules")
        #expect(system.contains("You are plain, the researcher"))
        #expect(system.contains("- trading-rules: \(rules.description)"))
        #expect(!system.contains(rules.body))
        #expect(system.contains("rsi(x, n)"))
        #expect(
            asked.tools.map(\.name) == [
                "read_file", "read_skill", "evaluate", "backtest", "propose",
            ]
        )
        #expect(asked.outputSchema == ModelHypotheses.schema)
    }

    @Test("a backtester passes over what was only tried")
    func withdrawn() throws {
        let series = try Sample.simulated(sessions: 300).series
        let strategy = try Sample.strategy()
        func proposal(_ id: String, _ withdrawn: Bool) -> Signal {
            Signal(
                id: id,
                topic: .proposal,
                body: [
                    "family": "f", "strategy_hash": .string(strategy.hash.description),
                    "strategy": strategy.json, "withdrawn": .bool(withdrawn),
                ]
            )
        }
        let backtester = Backtester(
            market: FixedMarket(past: series),
            costs: .none,
            capital: 1_000_000
        )

        let output = try backtester.turn(
            try Sample.input(
                try Sample.instant("2001-06-01T21:00:00Z"),
                [proposal("proposal-1", true), proposal("proposal-2", false)]
            )
        )

        #expect(output.signals.map { $0.body["proposal"] } == ["proposal-2"])
    }
}
