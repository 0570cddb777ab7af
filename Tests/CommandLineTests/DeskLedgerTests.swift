// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import TestSupport

@Suite("Trials by commands in a desk", .scratchFolder)
struct DeskLedgerTests {
    /// A desk with a market that has an edge, and strategies, all in its folder.
    private func prepare() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        let feed = SimulatedFeed(
            seed: 7,
            symbols: try ["AA", "BB"].map { try #require(Symbol($0)) },
            from: try #require(CalendarDate("2016-01-01")),
            sessions: 1600,
            edge: PlantedEdge(strength: 0.35, form: .turnOfMonth)
        )
        try desk.folder.replace("bars.csv", with: BarCSV.bytes(of: feed.series))
        try desk.write(VerifyTests.turn, to: "turn.yaml")
        return desk
    }

    private func words(_ command: String, _ desk: TestDesk, _ strategy: String) -> [String] {
        [command, "\(desk.path)/\(strategy)", "--data", "\(desk.path)/bars.csv", "--json"]
    }

    @Test("what a person backtests in a desk is counted there, the same strategy once")
    func backtest() async throws {
        let desk = try await prepare()
        try desk.write(VerifyTests.turn.replacing("before", with: "left"), to: "same.yaml")
        try desk.write(VerifyTests.turn.replacing("days: 8", with: "days: 7"), to: "other.yaml")

        for strategy in ["turn.yaml", "same.yaml", "other.yaml"] {
            let result = try await TestDesk.run(words("backtest", desk, strategy))
            #expect(result.isSuccess, "\(result.stderr)")
            #expect(result.stderr.contains("the desk at \(desk.path) counts this"))
        }

        let trials = try await desk.json("trials")
        #expect(trials["count"] == 2)
        #expect(trials["trials"]?.arrayValue?.map { $0["origin"] } == ["backtest", "backtest"])
        // Losing the file loses nothing.
        try desk.folder.folder(".loopdesk/trials").removeFile("trials.jsonl")
        #expect(try await desk.json("trials")["count"] == 2)
    }

    @Test("where a command is run is in the desk as well, and what is outside counts nowhere")
    func places() async throws {
        let desk = try await prepare()
        let lab = try Lab()
        let program = try BuiltProduct.path("loopdesk")

        let inside = try await runCommand(
            program,
            ["backtest", lab.strategy, "--data", lab.path("bars.csv")],
            folder: "\(desk.path)/agents"
        )
        let outside = try await lab.run("backtest", [lab.strategy])

        #expect(inside.isSuccess && inside.stderr.contains("1 hypotheses were tried"))
        #expect(outside.isSuccess && outside.stderr.isEmpty)
        #expect(try await desk.json("trials")["count"] == 1)
    }

    @Test("a sweep counts each combination, a walk forward each that it chooses from")
    func many() async throws {
        let desk = try await prepare()
        try desk.write(
            VerifyTests.turn + "walk_forward: {train: 252, test: 126, grid: days=5:8:1}\n",
            to: "walk.yaml"
        )

        let sweep = try await TestDesk.run(
            words("sweep", desk, "turn.yaml") + ["--grid", "days=1:9:1"]
        )
        let walk = try await TestDesk.run(words("backtest", desk, "walk.yaml"))

        #expect(sweep.isSuccess && walk.isSuccess, "\(sweep.stderr)\(walk.stderr)")
        #expect(try await desk.json("trials")["count"] == 13)
    }

    @Test("the desk's count holds against a smaller one, and one idea has one look")
    func verify() async throws {
        let desk = try await prepare()
        try desk.write(
            VerifyTests.turn.replacing("name: turn", with: "name: new")
                .replacing("before", with: "left").replacing("size: 0.4", with: "size: 0.3"),
            to: "renamed.yaml"
        )
        let other = "enter: ibs() < 0.3\nexit: ibs() > 0.6\ncosts: {fee: 0.0005}\n"
        try desk.write(other, to: "failed.yaml")
        _ = try await TestDesk.run(words("backtest", desk, "failed.yaml"))
        // Who takes it away hides nothing.
        try desk.folder.removeFile("failed.yaml")

        let first = try await TestDesk.run(words("verify", desk, "turn.yaml") + ["--trials", "1"])
        let second = try await TestDesk.run(words("verify", desk, "renamed.yaml"))

        let passed = try JSON(parsing: Array(first.stdout.utf8))
        #expect(first.isSuccess && passed["looked"] == true, "\(first.stderr)")
        #expect(passed["trials"]?["counted"] == 2)
        let refused = try JSON(parsing: Array(second.stdout.utf8))
        #expect(second.status == 1 && refused["looked"] == false)
        let reason = refused["reason"]?.stringValue ?? ""
        #expect(reason.hasPrefix("one_look: the same idea had its look"), "\(reason)")
        let looks = try await desk.json("trials")["looks"]?.arrayValue
        #expect(looks?.count == 1)
    }

    @Test("a desk that cannot count keeps a strategy from being tried in it")
    func broken() async throws {
        let desk = try await prepare()
        try desk.write("version: 99\n", to: "orchestrator.yml")

        let result = try await TestDesk.run(words("backtest", desk, "turn.yaml"))

        #expect(result.status == 65 && result.stdout.isEmpty)
        #expect(result.stderr.contains("cannot count this trial on the desk at \(desk.path)"))
    }
}
