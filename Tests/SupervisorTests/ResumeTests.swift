// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing
import TestSupport

@testable import Supervisor

@Suite("Going on after an end", .scratchFolder)
struct ResumeTests {
    @Test("a replay in parts ends on the commits of a replay in one", arguments: [1, 2, 4])
    func parts(first: Int) async throws {
        let bench = try await Bench.make()

        try bench.run(through: first)
        try bench.run(through: 5)

        #expect(try await bench.heads() == Bench.undisturbed(5))
    }

    @Test("a person's wish to stop ends the replay between two days")
    func interrupted() async throws {
        let bench = try await Bench.make()
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }

        let error = #expect(throws: SupervisorError.self) {
            try bench.run(Bench.days, wake: ends[0]) { day in
                if day == 2 { _ = write(ends[1], "x", 1) }
            }
        }

        #expect(error?.code == .interrupted)
        #expect(try await bench.subjects(of: "backtester").count == 2)
        try bench.run(through: 5)
        #expect(try await bench.heads() == Bench.undisturbed(5))
    }

    @Test("a wish to stop in the middle of a turn leaves the day undone and nothing half written")
    func interruptedTurn() async throws {
        let bench = try await Bench.make()
        let pipe = bench.scripts.path(of: "wake")
        try #require(mkfifo(pipe, 0o600) == 0)
        let wake = open(pipe, O_RDWR | O_CLOEXEC)
        defer { close(wake) }
        try bench.script(
            "backtester",
            """
            def after(turn, attempt):
                if turn == 3 and attempt == 1:
                    with open(f"{scripts}/wake", "w") as file:
                        file.write("x")
                    time.sleep(60)
            """
        )

        let error = #expect(throws: SupervisorError.self) {
            try bench.run(Bench.days, wake: wake)
        }

        #expect(error?.code == .interrupted)
        #expect(try await bench.subjects(of: "ingestor").count == 2)
        let worktree = GitCommand(in: bench.desk.path(of: "worktrees/backtester"))
        #expect(try await worktree.lines("status", "--porcelain").isEmpty)
        #expect(try bench.run(through: 5).rescued.isEmpty)
        #expect(try await bench.heads() == Bench.undisturbed(5))
    }

    @Test(
        "a day of which some agents' commits are lost is completed",
        arguments: [
            ["ingestor"], ["researcher"], ["backtester"], ["researcher", "backtester"],
            ["ingestor", "researcher", "backtester"],
        ]
    )
    func lost(agents: [String]) async throws {
        let bench = try await Bench.make()
        try bench.run(through: 3)
        for agent in agents { try await bench.rewind(agent, by: 1) }

        try bench.run(through: 5)

        #expect(try await bench.heads() == Bench.undisturbed(5))
    }

    @Test("of several turns in one day, only those that are lost run again")
    func lostRounds() async throws {
        var setting = Bench.Setting()
        setting.agents += [("verifier", "role: verifier, on: [report]")]
        let bench = try await Bench.make("a", setting)
        try bench.run(through: 3)
        #expect(try await bench.subjects(of: "researcher").count == 6)
        try await bench.rewind("researcher", by: 1)
        try await bench.rewind("verifier", by: 1)

        try bench.run(through: 3)

        #expect(try await bench.heads() == Bench.undisturbed(3, setting))
        let attempts = try bench.scripts.names().filter { $0.hasPrefix("researcher-6") }
        #expect(try bench.scripts.read(attempts[0]).count == 2)
        #expect(try bench.scripts.read("researcher-5.attempts").count == 1)
    }

    @Test("the market is recorded anew from history, with nothing twice")
    func market() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 3)
        let market = RecordedMarket()

        try bench.run(through: 5, market: market)

        let times = market.recorded.map { $0["time"]?.stringValue ?? "" }
        #expect(times == Bench.days.prefix(5).map(\.description))
        #expect(market.restarts == 1)
    }

    @Test("an agent that runs every bar is shown the same data after a restart")
    func marketBeforeBars() async throws {
        var setting = Bench.Setting()
        setting.agents[1].text = "role: researcher, every: bar, skills: [house]"
        let bench = try await Bench.make("a", setting)
        try bench.run(through: 3)
        try await bench.rewind("researcher", by: 1)

        try bench.run(through: 4)

        #expect(try await bench.heads() == Bench.undisturbed(4, setting))
    }
}
