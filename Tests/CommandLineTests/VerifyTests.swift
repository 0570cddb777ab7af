// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import TestSupport

@Suite("loopdesk verify", .scratchFolder)
struct VerifyTests {
    /// The strategy that finds the edge of the market.
    static let turn = """
        name: turn
        parameters: {before: 0, days: 8}
        enter: weekdays_left_in_month() <= before || session_of_month() < days
        exit: session_of_month() >= days && weekdays_left_in_month() > before
        size: 0.4
        costs: {fee: 0.0005}

        """

    /// A market with a strong edge as one file, and as a folder of one file per symbol.
    private func prepare(_ strategy: String = turn, strength: Double = 0.35) throws -> Lab {
        let lab = try Lab()
        let feed = SimulatedFeed(
            seed: 7,
            symbols: try ["AA", "BB"].map { try #require(Symbol($0)) },
            from: try #require(CalendarDate("2016-01-01")),
            sessions: 1600,
            edge: PlantedEdge(strength: strength, form: .turnOfMonth)
        )
        try lab.folder.replace("bars.csv", with: BarCSV.bytes(of: feed.series))
        let folder = Folder(lab.path("bars"))
        try folder.create()
        try BarFile.write([feed.series[0]], to: "aa.csv", in: folder)
        try BarFile.write([feed.series[1]], to: "bb.parquet", in: folder)
        try lab.write(strategy)
        return lab
    }

    @Test("a strategy with an edge passes, with a table of every test and a loud word on trials")
    func passed() async throws {
        let lab = try prepare()

        let result = try await lab.run("verify", [lab.strategy])

        #expect(result.isSuccess, "\(result.stdout)\(result.stderr)")
        for name in GateTest.Name.allCases { #expect(result.stdout.contains(name.rawValue)) }
        #expect(result.stdout.contains("PASSED: all 23 tests held"))
        #expect(result.stderr.contains("one trial was counted"))
    }

    @Test("a folder of files, of any form, gives the verdict of one file")
    func folder() async throws {
        let lab = try prepare()

        let one = try await lab.json("verify", [lab.strategy])
        let many = try await lab.json("verify", [lab.strategy, "--data", lab.path("bars")])

        #expect(one == many)
        #expect(one["passed"] == true && one["looked"] == true)
    }

    @Test("a strategy without an edge is refused with status 1 and the reason")
    func refused() async throws {
        let lab = try prepare(strength: 0)

        let result = try await lab.run("verify", [lab.strategy, "--trials", "3", "--json"])

        #expect(result.status == 1)
        let json = try JSON(parsing: Array(result.stdout.utf8))
        #expect(json["passed"] == false && json["looked"] == false)
        #expect(json["trials"]?["counted"] == 3)
        #expect(result.stderr.isEmpty)
    }

    @Test("a program that peeks is refused by the test that cuts the future off")
    func peeking() async throws {
        let lab = try prepare("command: [python3, peek.py]\ncosts: {fee: 0.0005}\n", strength: 0)
        try lab.write(
            """
            import csv, sys
            rows = list(csv.DictReader(sys.stdin))
            later = {}
            wanted = []
            for row in reversed(rows):
                close = float(row["close"])
                ahead = later.get(row["symbol"], close)
                wanted.append((row["timestamp"], row["symbol"], 0.4 if ahead > close else 0))
                later[row["symbol"]] = close
            print("timestamp,symbol,position")
            for row in reversed(wanted):
                print(",".join(map(str, row)))

            """,
            to: "peek.py"
        )

        let result = try await lab.run("verify", [lab.strategy, "--json"])

        #expect(result.status == 1, "\(result.stderr)")
        let json = try JSON(parsing: Array(result.stdout.utf8))
        let test = json["tests"]?.arrayValue?.first { $0["name"] == "look_ahead" }
        #expect(test?["outcome"] == "failed")
        #expect(test?["reason"]?.stringValue?.contains("cut off") == true)
    }

    @Test(
        "a program that gives no positions is refused with what it did",
        arguments: [
            (
                "raise SystemExit(3)",
                "evaluation: the program python3 failed: it ended with status 3"
            ),
            (
                "print('timestamp,symbol,position')\nprint('2016-01-01,AA,nan')",
                "evaluation: cannot read positions: line 2: the position 'nan' is no number"
            ),
        ]
    )
    func noPositions(_ program: String, _ reason: String) async throws {
        let lab = try prepare("command: [python3, bad.py]\n")
        try lab.write(program + "\n", to: "bad.py")

        let result = try await lab.run("verify", [lab.strategy, "--json"])

        #expect(result.status == 1, "\(result.stderr)")
        #expect(try JSON(parsing: Array(result.stdout.utf8))["reason"] == .string(reason))
    }

    @Test("trials come from the ledger of a sweep, equal strategies once")
    func ledger() async throws {
        let lab = try prepare()
        _ = try await lab.json(
            "sweep",
            [lab.strategy, "--grid", "days=4:8:1"] + ["--ledger", lab.path("trials.jsonl")]
        )

        let json = try await lab.json(
            "verify",
            [lab.strategy, "--ledger", lab.path("trials.jsonl")]
        )

        #expect(json["trials"]?["counted"] == 5)
        #expect((json["trials"]?["stated_variance"]?.doubleValue ?? 0) > 0)
    }

    @Test(
        "what cannot be judged is a fault of the file, not a refusal",
        arguments: [
            ("enter: nonsense(close)\nexit: \"false\"\n", [], 65, "cross.yaml:1: "),
            (turn + "walk_forward: {train: 9, test: 9, grid: days=1}\n", [], 65, "walk_forward"),
            (turn, ["--data", "nowhere.csv"], 66, "nowhere.csv"),
            (turn, ["--trial-variance", "1"], 64, "--trial-variance needs --trials"),
            (turn, ["--sealed-years", "0"], 64, "--sealed-years must be from 1 to 100"),
        ] as [(String, [String], Int32, String)]
    )
    func faults(_ strategy: String, _ words: [String], _ status: Int32, _ text: String) async throws
    {
        let lab = try prepare(strategy)

        let result = try await lab.run("verify", [lab.strategy] + words)

        #expect(result.status == status)
        #expect(result.stderr.contains(text), "\(result.stderr)")
    }

    @Test("files of a folder that no symbol needs are in nobody's way")
    func otherFiles() async throws {
        let lab = try prepare()
        let folder = Folder(lab.path("bars"))
        let one = try await lab.json("verify", [lab.strategy])
        try folder.replace("fomc.csv", with: Array("date,event\n2016-01-27,fomc\n".utf8))
        try folder.replace("nothing.csv", with: [])

        // It trades what is there, which a calendar is not.
        let all = try await lab.json("verify", [lab.strategy, "--data", folder.path])
        try lab.write(Self.turn + "universe: [AA, BB]\n")
        try folder.replace("zz.csv", with: Array("timestamp,open,high\n1,2".utf8))
        try folder.replace("copy.csv", with: Array("half a row".utf8))
        let named = try await lab.json("verify", [lab.strategy, "--data", folder.path])

        #expect(all == one && named == one)
    }

    @Test(
        "a file of a folder that is needed and cannot be used is named",
        arguments: [
            ("", "timestamp,open,high,low,close,volume\n2016-01-01,1,2,3,4,5\n"),
            ("universe: [AA, BB, CC]\n", "date,event\n2016-01-27,fomc\n"),
        ]
    )
    func neededFile(_ universe: String, _ text: String) async throws {
        let lab = try prepare(Self.turn + universe)
        try Folder(lab.path("bars")).replace("cc.csv", with: Array(text.utf8))

        let result = try await lab.run("verify", [lab.strategy, "--data", lab.path("bars")])

        #expect(result.status == 65)
        #expect(result.stderr.contains("bars/cc.csv: "), "\(result.stderr)")
    }

    @Test("two files of one folder with the same symbol are refused")
    func twice() async throws {
        let lab = try prepare()
        let folder = Folder(lab.path("bars"))
        try folder.replace("copy.csv", with: try folder.read("aa.csv"))

        let result = try await lab.run("verify", [lab.strategy, "--data", folder.path])

        expectComplaint(result, status: 65, "both aa.csv and copy.csv hold bars of AA")
    }
}
