// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk sweep", .scratchFolder)
struct SweepTests {
    static let grid = "fast=2:18:2,slow=20|30|50"

    @Test("each combination is what a backtest with its values is")
    func agreement() async throws {
        let lab = try Lab()

        let sweep = try await lab.json("sweep", [lab.strategy, "--grid", Self.grid, "--top", "30"])
        try lab.write(
            String(decoding: lab.folder.read("cross.yaml"), as: UTF8.self)
                .replacingFirst("fast: 5, slow: 20", with: "fast: 4, slow: 30")
        )
        let run = try await lab.json("backtest", [lab.strategy])

        let best = try #require(sweep["best"]?.arrayValue)
        let found = try #require(best.first { $0["strategy"] == run["strategy"] })
        #expect(sweep["combinations"] == 27)
        #expect(best.count == 27)
        for name in ["sharpe", "total_return", "max_drawdown", "final_equity", "psr", "calmar"] {
            #expect(found[name] == run[name], "\(name)")
        }
        let ratios = best.compactMap { $0["sharpe"]?.doubleValue }
        #expect(ratios == ratios.sorted(by: >))
    }

    @Test("the file has a row per combination, the last name fastest, on any number of threads")
    func rows() async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--grid", Self.grid, "--out"]

        let one = try await lab.run("sweep", words + [lab.path("a.csv"), "--threads", "1"])
        let three = try await lab.run("sweep", words + [lab.path("b.csv"), "--threads", "3"])

        #expect(one.isSuccess && three.isSuccess, "\(one.stderr)")
        let rows = try lab.lines("a.csv")
        #expect(rows == (try lab.lines("b.csv")))
        #expect(rows.count == 28)
        #expect(rows[0].hasPrefix("combination,fast,slow,strategy,trades,total_return"))
        #expect(rows[1].hasPrefix("0,2,20,") && rows[2].hasPrefix("1,2,30,"))
        #expect(!lab.folder.contains("a.csv.part") && !lab.folder.contains("a.csv.part.json"))
        #expect(one.stdout.contains("27 combinations; the best by sharpe"))
    }

    @Test("an interrupted sweep is continued to the same bytes", arguments: [0, 9001])
    func resuming(_ bytes: Int) async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--grid", "fast=1:100:1,slow=20:1200:20", "--out"]
        try await interrupted(lab, words, keeping: bytes)
        let whole = try lab.folder.read("whole.csv")

        let again = try await lab.run("sweep", words + [lab.path("rows.csv")])
        let resumed = try await lab.json("sweep", words + [lab.path("rows.csv"), "--resume"])
        let fresh = try await lab.json("sweep", words + [lab.path("new.csv"), "--resume"])

        expectComplaint(again, status: 69, "--resume")
        #expect(try lab.folder.read("rows.csv") == whole)
        #expect(resumed["best"] == fresh["best"])
        #expect(!lab.folder.contains("rows.csv.part"))
    }

    /// Leaves what a sweep that was killed would: its note, and the beginning of its rows.
    private func interrupted(_ lab: Lab, _ words: [String], keeping bytes: Int) async throws {
        let result = try await lab.run("sweep", words + [lab.path("whole.csv")])
        #expect(result.isSuccess, "\(result.stderr)")
        let command = try RunningCommand(
            try BuiltProduct.path("loopdesk"),
            ["sweep"] + words + [lab.path("rows.csv"), "--data", lab.path("bars.csv")]
        )
        let hasBegun = try await eventually(within: .seconds(30)) {
            lab.folder.contains("rows.csv.part.json") || lab.folder.contains("rows.csv")
        }
        command.kill()
        #expect(hasBegun)
        let header = try #require(try lab.lines("whole.csv").first)
        let whole = try lab.folder.read("whole.csv")
        let kept = Array(whole.prefix(header.utf8.count + 1 + bytes))
        if lab.folder.contains("rows.csv.part.json") {
            try lab.folder.replace("rows.csv.part", with: kept)
        } else {
            Issue.record("the sweep ended before it could be interrupted; make it longer")
        }
    }

    @Test("a Parquet file has the columns of the CSV, also after an interruption")
    func parquet() async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--grid", Self.grid, "--ledger"]

        let text = try await lab.run("sweep", words + [lab.path("a"), "--out", lab.path("r.csv")])
        let table = try await lab.run(
            "sweep",
            words + [lab.path("b"), "--out", lab.path("r.parquet")]
        )

        #expect(text.isSuccess && table.isSuccess, "\(table.stderr)")
        #expect(try lab.lines("a") == lab.lines("b"))
        let bytes = try lab.folder.read("r.parquet")
        #expect(bytes.starts(with: "PAR1".utf8) && bytes.suffix(4).elementsEqual("PAR1".utf8))
        let rows = try lab.lines("r.csv").map { $0.split(separator: ",").map(String.init) }
        for name in ["fast", "sharpe", "final_equity", "kurtosis"] {
            let place = try #require(rows[0].firstIndex(of: name))
            let values = rows.dropFirst().compactMap { Double($0[place]) }
            let column = values.withUnsafeBytes { Array($0) }
            #expect(values.count == 27)
            #expect(bytes.indices.contains { bytes[$0...].starts(with: column) }, "\(name)")
        }
        #expect(!lab.folder.contains("r.parquet.part"))
        #expect(!lab.folder.contains("r.parquet.part.json"))
        #expect(!lab.folder.contains("r.parquet.part.parquet"))
    }

    @Test("a Parquet file is continued to the same bytes")
    func resumingParquet() async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--grid", Self.grid, "--out"]
        _ = try await lab.run("sweep", words + [lab.path("whole.csv")])
        let whole = try await lab.run("sweep", words + [lab.path("whole.parquet")])
        // What is left when the very last step does not come about, because a name is taken.
        try Folder(lab.path("rows.parquet.part.parquet")).create()
        let stopped = try await lab.run("sweep", words + [lab.path("rows.parquet")])
        let rows = try lab.folder.read("rows.parquet.part")
        try lab.folder.replace("rows.parquet.part.cut", with: Array(rows.dropLast(700)))
        try lab.folder.move("rows.parquet.part.cut", to: "rows.parquet.part")
        try lab.folder.folder("rows.parquet.part.parquet").removeAll()

        let resumed = try await lab.run("sweep", words + [lab.path("rows.parquet"), "--resume"])

        #expect(whole.isSuccess && !stopped.isSuccess && resumed.isSuccess, "\(resumed.stderr)")
        #expect(rows == (try lab.folder.read("whole.csv")))
        #expect(try lab.folder.read("rows.parquet") == lab.folder.read("whole.parquet"))
        #expect(!lab.folder.contains("rows.parquet.part"))
    }

    @Test("a parameter that is named like a figure is refused for Parquet")
    func parquetNames() async throws {
        let lab = try Lab()
        try lab.write(
            String(decoding: lab.folder.read("cross.yaml"), as: UTF8.self)
                .replacingFirst("fast: 5", with: "fast: 5, trades: 1")
        )

        let result = try await lab.run(
            "sweep",
            [lab.strategy, "--grid", "trades=1:2:1", "--out", lab.path("rows.parquet")]
        )

        expectComplaint(result, status: 65, "rows.parquet: ", "'trades'")
        #expect(!lab.folder.contains("rows.parquet.part"))
    }

    @Test("a place where no file can be is refused before anything is run")
    func noPlace() async throws {
        let lab = try Lab()
        try Folder(lab.path("folder")).create()

        let swept = try await lab.run(
            "sweep",
            [lab.strategy, "--grid", Self.grid, "--out", lab.path("folder")]
        )
        let run = try await lab.run("backtest", [lab.strategy, "--html", "/dev/null"])

        expectComplaint(swept, status: 74, "folder: it is not a regular file")
        expectComplaint(run, status: 74, "/dev/null: it is not a regular file")
        #expect(!lab.folder.contains("folder.part"))
    }

    @Test("a program is not swept")
    func program() async throws {
        let lab = try Lab()
        try lab.write("command: [python3, s.py]\nparameters: {fast: 5}\n")

        let result = try await lab.run("sweep", [lab.strategy, "--grid", "fast=1:2:1"])

        expectComplaint(result, status: 65, "cross.yaml: a program cannot be swept")
    }

    @Test("rows of another sweep are not continued")
    func otherPlan() async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--out", lab.path("rows.csv"), "--resume", "--grid"]
        try lab.folder.replace("rows.csv.part", with: Array("combination,fast\n".utf8))
        try lab.folder.replace("rows.csv.part.json", with: Array(#"{"schema": 1}"#.utf8))

        let result = try await lab.run("sweep", words + ["fast=1:3:1"])

        expectComplaint(result, status: 65, "belongs to another sweep", "'strategy'")
    }

    @Test("every trial goes to the ledger, once, with a file of rows or without")
    func ledger() async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--grid", "fast=2:6:2", "--ledger"]

        let one = try await lab.run("sweep", words + [lab.path("a.jsonl")])
        let two = try await lab.run(
            "sweep",
            words + [lab.path("b.jsonl"), "--out", lab.path("r.csv")]
        )

        #expect(one.isSuccess && two.isSuccess)
        let trials = try lab.lines("a.jsonl")
        #expect(trials == (try lab.lines("b.jsonl")))
        #expect(trials.count == 3)
        let trial = try JSON(parsing: trials[0])
        let names = (trial.objectValue ?? []).map(\.name)
        #expect(
            names == [
                "strategy", "family", "parameters", "data", "periods", "sharpe", "mean", "sd",
                "skew", "kurtosis",
            ]
        )
        #expect(trial["parameters"]?["fast"]?.doubleValue == 2)
        #expect(trial["periods"] == 299)
    }

    @Test("a sweep that was stopped while it wrote to the ledger adds no trial twice")
    func ledgerOnce() async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--grid", "fast=2:6:2", "--ledger", lab.path("l.jsonl")]
        try lab.folder.replace("l.jsonl", with: Array("{}\n".utf8))
        // The last step does not come about, because a name is taken.
        try Folder(lab.path("r.parquet.part.parquet")).create()
        let stopped = try await lab.run("sweep", words + ["--out", lab.path("r.parquet")])
        try lab.folder.folder("r.parquet.part.parquet").removeAll()
        let whole = try lab.folder.read("l.jsonl")
        let note = try JSON(parsing: try lab.folder.read("r.parquet.part.json"))
        let rows = try lab.folder.read("r.parquet.part")

        try lab.folder.replace("l.jsonl", with: Array(whole.dropLast(100)))
        let resumed = try await lab.run(
            "sweep",
            words + ["--out", lab.path("r.parquet"), "--resume"]
        )
        let afterwards = try lab.folder.read("l.jsonl")
        // The same of a CSV whose rows have just got their name.
        let members = (note.objectValue ?? []) + [JSON.Member("finished", true)]
        try lab.folder.replace("r.csv.part.json", with: JSON.object(members).prettyBytes)
        try lab.folder.replace("r.csv", with: rows)
        let moved = try await lab.run("sweep", words + ["--out", lab.path("r.csv"), "--resume"])

        #expect(!stopped.isSuccess && resumed.isSuccess && moved.isSuccess, "\(moved.stderr)")
        #expect(try lab.lines("l.jsonl").count == 4)
        #expect(afterwards == whole)
        #expect(try lab.folder.read("l.jsonl") == whole && lab.folder.read("r.csv") == rows)
        #expect(!lab.folder.contains("r.csv.part.json"))
    }

    @Test("a trial that somebody else added meanwhile stays whole")
    func sharedLedger() async throws {
        let lab = try Lab()
        let words = [lab.strategy, "--grid", "fast=2:6:2", "--ledger", lab.path("l.jsonl")]
        try Folder(lab.path("r.parquet.part.parquet")).create()
        _ = try await lab.run("sweep", words + ["--out", lab.path("r.parquet")])
        try lab.folder.folder("r.parquet.part.parquet").removeAll()
        let whole = try lab.lines("l.jsonl")

        let others = [whole[0], "{}"].map { "\($0)\n" }.joined()
        try lab.folder.replace("l.jsonl", with: Array(others.utf8))
        _ = try await lab.run("sweep", words + ["--out", lab.path("r.parquet"), "--resume"])

        #expect(try lab.lines("l.jsonl") == [whole[0], "{}"] + whole.dropFirst())
    }

    @Test(
        "a grid that makes no sense is refused with the part that is wrong",
        arguments: [
            ("fast=9:2:1", "no combination"), ("fast", "'name=values'"), ("quick=1:2:1", "'quick'"),
            ("fast=1:2", "no range"), ("fast=x", "'x'"), ("fast=0:2:1", "fast=0"),
        ]
    )
    func badGrid(_ grid: String, _ words: String) async throws {
        let lab = try Lab()

        let result = try await lab.run("sweep", [lab.strategy, "--grid", grid])

        expectComplaint(result, status: 65, words)
    }

    @Test(
        "options that make no sense are refused",
        arguments: [
            ["--by", "sharp"], ["--top", "-1"], ["--threads", "0"], ["--resume"],
        ]
    )
    func badOptions(_ words: [String]) async throws {
        let lab = try Lab()

        let result = try await lab.run("sweep", [lab.strategy, "--grid", "fast=1:2:1"] + words)

        #expect(result.status == 64)
    }
}
