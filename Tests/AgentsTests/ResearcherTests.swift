// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("Researcher: proposals")
struct ResearcherTests {
    static let bars = Signal(id: "bars-00000000000b", topic: .bars, body: [:])

    static func researcher(
        sessions: Int,
        families: [String] = ["reversion", "trend"],
        cadence: Int = 1,
        budget: Int = 2,
        hasRecent: Bool = false
    ) throws -> Researcher {
        let series = try Sample.series(through: "2022-03-08", closes: Sample.calm(sessions))
        return try Researcher(
            market: FixedMarket(past: [series], last: hasRecent ? [series] : []),
            families: families,
            symbols: ["AAA"],
            cadence: cadence,
            budget: budget
        )
    }

    static func turns(
        _ researcher: Researcher,
        _ count: Int,
        from state: StateFile = StateFile()
    ) throws -> [TurnOutput] {
        var state = state
        return try (1...count).map { turn in
            let output = try researcher.turn(
                try Sample.input(
                    try Sample.close("2024-03-08"),
                    [bars],
                    state: state,
                    turn: turn
                )
            )
            try output.requireWellFormed()
            state = output.state
            return output
        }
    }

    static func names(_ output: TurnOutput) -> [String] {
        output.bodies(.proposal).compactMap { $0["strategy"]?["name"]?.stringValue }
    }

    @Test("hypotheses come in the catalog's order, at most the budget a date, and begin again")
    func order() throws {
        let outputs = try Self.turns(try Self.researcher(sessions: 300), 4)

        #expect(
            outputs.map(Self.names) == [
                ["reversion-long-0.2-aaa", "trend-12-26-aaa"],
                ["reversion-short-0.2-aaa", "trend-20-50-aaa"],
                ["reversion-long-0.1-aaa", "trend-50-200-aaa"],
                ["reversion-short-0.1-aaa", "reversion-long-0.2-aaa"],
            ]
        )
        #expect(outputs.last?.state["hypotheses"]?.intValue == 8)
    }

    @Test("a proposal names its strategy by hash and its number among all that were tried")
    func body() throws {
        let output = try #require(try Self.turns(try Self.researcher(sessions: 300), 1).first)

        let body = try #require(output.bodies(.proposal).last)
        let strategy = try Strategy(try #require(body["strategy"]))
        #expect(body["strategy_hash"]?.stringValue == strategy.hash.description)
        #expect(body["family"]?.stringValue == "trend")
        #expect(body["hypothesis"]?.intValue == 2)
    }

    @Test("research dates are as many bars apart as the cadence says")
    func cadence() throws {
        let outputs = try Self.turns(try Self.researcher(sessions: 300, cadence: 3), 7)

        #expect(outputs.map { Self.names($0).count } == [0, 0, 2, 0, 0, 2, 0])
    }

    @Test("a turn without bars is no step of the cadence")
    func withoutBars() throws {
        let researcher = try Self.researcher(sessions: 300)

        let output = try researcher.turn(try Sample.input(try Sample.close("2024-03-08")))

        #expect(output.signals.isEmpty)
        #expect(output.state["bars"]?.intValue == 0)
        #expect(output.summary == "nothing to do")
    }

    @Test("a budget beyond the catalog proposes each strategy once, and none proposes nothing")
    func budget() throws {
        let large = try Self.turns(try Self.researcher(sessions: 300, budget: 1000), 1)
        let none = try Self.turns(try Self.researcher(sessions: 300, budget: 0), 1)
        let empty = try Self.turns(try Self.researcher(sessions: 300, families: []), 1)

        #expect(large.map { Set(Self.names($0)).count } == [7])
        #expect(large.map { Self.names($0).count } == [7])
        #expect(none.allSatisfy { $0.signals.isEmpty })
        #expect(empty.allSatisfy { $0.signals.isEmpty })
    }

    @Test(
        "a strategy needs a year of sessions in sample",
        arguments: [(251, 0), (252, 2)]
    )
    func minimum(sessions: Int, proposals: Int) throws {
        let outputs = try Self.turns(try Self.researcher(sessions: sessions), 1)

        #expect(outputs.map { Self.names($0).count } == [proposals])
    }

    @Test("an approved strategy is not proposed again until its approval has run out")
    func approved() throws {
        let hash = try Sample.catalogued("reversion").hash.description
        var memory = ResearcherMemory(StateFile())
        memory.approvals = [(hash, "verdict-1", try Sample.date("2024-03-08"))]
        var valid = StateFile()
        memory.write(to: &valid)
        memory.approvals = [(hash, "verdict-1", try Sample.date("2024-03-07"))]
        var expired = StateFile()
        memory.write(to: &expired)

        let researcher = try Self.researcher(sessions: 300)
        let skipped = try Self.turns(researcher, 1, from: valid).map(Self.names)
        let repeated = try Self.turns(researcher, 1, from: expired).map(Self.names)

        #expect(skipped == [["trend-12-26-aaa", "reversion-short-0.2-aaa"]])
        #expect(repeated == [["reversion-long-0.2-aaa", "trend-12-26-aaa"]])
    }

    @Test("the same input gives the same bytes, and what is remembered reads back as itself")
    func deterministic() throws {
        let researcher = try Self.researcher(sessions: 300)

        let first = try Self.turns(researcher, 3)
        let second = try Self.turns(researcher, 3)

        var copy = StateFile()
        ResearcherMemory(try #require(first.last).state).write(to: &copy)
        #expect(first.map(\.bytes) == second.map(\.bytes))
        #expect(copy == first.last?.state)
    }
}
