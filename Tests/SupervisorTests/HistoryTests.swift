// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Testing
import TestSupport

@testable import Supervisor

@Suite("History", .scratchFolder)
struct HistoryTests {
    private func load(_ bench: Bench) throws -> History {
        let desk = try bench.open()
        return try History.load(desk, main: try desk.mainHead())
    }

    private func name(_ text: String) throws -> AgentName { try #require(AgentName(text)) }

    @Test("a desk that never ran has no history")
    func none() async throws {
        let bench = try await Bench.make()

        let history = try load(bench)

        #expect(history.time == nil)
        #expect(history.finished.isEmpty)
        #expect(history.branches.count == 3)
        let branch = try #require(history.branches[try name("researcher")])
        #expect(branch.nextTurn == 1)
        #expect(branch.record == nil)
    }

    @Test("the turns of the newest day are set apart, the branches stand before it")
    func newest() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 3)

        let history = try load(bench)

        #expect(history.time == Bench.days[2])
        let places = history.finished.keys.map { "\($0.round) \($0.agent)" }.sorted()
        #expect(places == ["1 ingestor", "2 researcher", "3 backtester"])
        let researcher = try name("researcher")
        let turn = try #require(history.finished[.init(round: 2, agent: researcher)])
        #expect(turn.record.turn == 3)
        #expect(turn.signals.map(\.topic) == [.proposal])
        #expect(turn.commit.description == (try await bench.head(of: "researcher")))
        #expect(history.branches[researcher]?.nextTurn == 3)
    }

    @Test("a join on top of the newest turn does not hide its day")
    func joined() async throws {
        let agents: [(name: String, text: String)] = [("ingestor", "role: ingestor, every: bar")]
        let bench = try await Bench.make("a", Bench.Setting(agents: agents))
        try bench.run(through: 2)
        let branch = "agents/ingestor"
        let made = try await bench.git
            .lines("commit-tree", "-m", "mine", "-p", branch, "\(branch)^{tree}")
        try await bench.git.run("update-ref", "refs/heads/\(branch)", made[0])

        try bench.run(through: 3)

        let entries = try TurnLog(try bench.open())
            .entries(of: [try name("ingestor")], limit: 99, isQuietShown: true)
        #expect(entries.map(\.record.time) == Bench.days.prefix(3).reversed())
        #expect(entries.map(\.record.turn) == [3, 2, 1])
    }

    @Test("the signals of a turn come in the order in which they were said")
    func signalOrder() async throws {
        var setting = Bench.Setting()
        setting.filesPerTurn = 20
        let bench = try await Bench.make("a", setting)
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                for n in range(2, 14):
                    say(n, "proposal", proposal(f"number {n}"))
            """
        )
        try bench.run(through: 1)

        let history = try load(bench)

        let turn = try #require(history.finished[.init(round: 2, agent: try name("researcher"))])
        let texts = turn.signals.map { $0.body["strategy"]?["on"]?.stringValue ?? "" }
        #expect(texts.dropFirst() == (2..<14).map { "number \($0)" }[...])
        try await bench.rewind("backtester", by: 1)
        let before = try await bench.show("agents/backtester:agents/backtester/SKILL.md")
        try bench.run(through: 1)
        #expect(!before.isEmpty)
        let letters = try await bench.files(of: "backtester", in: "signals")
        #expect(letters.count == 13)
    }

    @Test("a configuration that would not run the turns of history is refused")
    func changedConfiguration() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        var setting = Bench.Setting()
        setting.agents[2].text = "role: backtester, on: [verdict]"
        try await bench.configure(setting)
        let before = try await bench.heads()

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 3) }

        #expect(error?.code == .inconsistent)
        #expect(
            error?.message
                == "history at 2000-03-02T21:00:00Z has turns that this configuration would not"
                + " run: backtester turn 2"
        )
        #expect(error?.hint.contains("--fresh") == true)
        #expect(try await bench.heads() == before)
    }

    @Test("a feed that no longer has the newest day is refused")
    func changedFeed() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 3)
        let before = try await bench.heads()
        let days = Bench.days

        let error = #expect(throws: SupervisorError.self) {
            try bench.run([days[0], days[1], days[3], days[4]])
        }

        #expect(error?.code == .inconsistent)
        #expect(
            error?.message
                == "history ends at 2000-03-03T21:00:00Z, where the market feed has no bar"
        )
        #expect(try await bench.heads() == before)
    }

    @Test("a replay that ends before history does has nothing to do")
    func shorter() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 3)
        let before = try await bench.heads()

        try bench.run(through: 2)

        #expect(try await bench.heads() == before)
    }

    @Test("agents that answer each other without end are stopped at the limit")
    func restless() async throws {
        var setting = Bench.Setting()
        setting.agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("one", "role: researcher, on: [bars, report]"),
            ("other", "role: backtester, on: [proposal]"),
        ]
        let bench = try await Bench.make("a", setting)
        try bench.script(
            "one",
            """
            def after(turn, attempt):
                if not os.listdir("outbox"):
                    say(1, "proposal", proposal(f"again {turn}"))
            """
        )

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 2) }

        #expect(error?.code == .limit)
        #expect(error?.message.contains("after 64 rounds mail still waits for") == true)
        #expect(error?.hint.contains("answer each other") == true)
        #expect(try await bench.subjects(of: "one").isEmpty)
    }
}
