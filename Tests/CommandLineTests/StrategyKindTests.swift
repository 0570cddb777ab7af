// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("Strategies of other kinds", .scratchFolder)
struct StrategyKindTests {
    /// Wants to be long after a rise and flat after a fall, and adds what it is told.
    static let momentum = """
        import csv, sys
        rows = list(csv.DictReader(sys.stdin))
        out = csv.writer(sys.stdout, lineterminator="\\n")
        out.writerow(["timestamp", "symbol", "position"])
        last = None
        for row in rows:
            close = float(row["close"])
            if last is not None:
                out.writerow([row["timestamp"], row["symbol"], float(close > last)])
            last = close

        """

    private func program(_ text: String, _ lab: Lab, extra: String = "") throws {
        try lab.write(text, to: "s.py")
        try lab.write("command: [python3, s.py]\ncosts: {fee: 0.001}\n\(extra)")
    }

    @Test("a program that writes positions is backtested")
    func program() async throws {
        let lab = try Lab()
        try program(Self.momentum, lab)

        let json = try await lab.json("backtest", [lab.strategy, "--html", lab.path("r.html")])

        #expect(json["bars"] == 300)
        #expect((json["trades"]?.intValue ?? 0) > 50)
        #expect(lab.folder.contains("r.html"))
    }

    @Test("a program that looks ahead is refused")
    func lookAhead() async throws {
        let lab = try Lab()
        let ahead = Self.momentum.replacingFirst("close > last", with: "rows[-1] > rows[0]")
            .replacingFirst(
                "rows[-1] > rows[0]",
                with: "float(rows[-1][\"close\"]) > close"
            )
        try program(ahead, lab)

        let result = try await lab.run("backtest", [lab.strategy])

        expectComplaint(result, status: 65, "cross.yaml:1: ", "looks ahead")
    }

    @Test("the text of a program in the strategy's folder is part of the hash")
    func programHash() async throws {
        let lab = try Lab()
        try program(Self.momentum, lab)
        let first = try await lab.json("backtest", [lab.strategy])
        let again = try await lab.json("backtest", [lab.strategy])

        try program("# other\n" + Self.momentum, lab)
        let changed = try await lab.json("backtest", [lab.strategy])

        #expect(first["strategy"] == again["strategy"])
        #expect(first["strategy"] != changed["strategy"])
        #expect(first["final_equity"] == changed["final_equity"])
    }

    @Test("the last row of a program need not end in a line feed")
    func lastRow() async throws {
        let lab = try Lab()
        let rows = #"timestamp,position\n2010-01-01,1"#
        try lab.write("command: [sh, -c, \"cat > /dev/null; printf '\(rows)'\"]\n")

        let json = try await lab.json("backtest", [lab.strategy])

        #expect(json["trades"] == 1)
    }

    @Test("a program that a signal ends is told so")
    func signal() async throws {
        let lab = try Lab()
        try lab.write("command: [sh, -c, 'kill -9 $$']\n")

        let result = try await lab.run("backtest", [lab.strategy])

        expectComplaint(result, status: 65, "the program sh failed: signal 9 ended it")
    }

    @Test(
        "a program that fails, is not there or writes nonsense is refused",
        arguments: [
            ("import sys; sys.exit(3)\n", "", "ended with status 3"),
            ("print('hello')\n", "", "expected the columns"),
            ("", "", "wrote nothing"),
            ("", "universe: [BARS]\nlot: -1\n", "cross.yaml:4: lot"),
        ]
    )
    func failing(_ text: String, _ extra: String, _ words: String) async throws {
        let lab = try Lab()
        try program(text, lab, extra: extra)

        let result = try await lab.run("backtest", [lab.strategy])

        #expect(result.status == 65, "\(result.stderr)")
        #expect(result.stderr.contains(words), "\(result.stderr)")
    }

    @Test("a program that is not there is named")
    func missing() async throws {
        let lab = try Lab()
        try lab.write("command: [no-such-program]\n")

        let result = try await lab.run("backtest", [lab.strategy])

        expectComplaint(result, status: 69, "no-such-program")
    }

    @Test("parameters are refitted as time goes by")
    func walkForward() async throws {
        let lab = try Lab()
        let text = String(decoding: try lab.folder.read("cross.yaml"), as: UTF8.self)
        let plan = "walk_forward: {train: 100, test: 50, grid: \"fast=2:10:2,slow=15|25\"}\n"
        try lab.write(text + plan)

        let walked = try await lab.json("backtest", [lab.strategy, "--trades", lab.path("t.csv")])
        try lab.write(text)
        let plain = try await lab.json("backtest", [lab.strategy])

        #expect(walked["bars"] == 200)
        #expect(walked["strategy"] != plain["strategy"])
        #expect(walked["from"] == "2010-04-11T00:00:00Z")
    }

    @Test(
        "a plan of refitting that makes no sense is refused with its line",
        arguments: [
            ("{train: 100, test: 50}", "cross.yaml:6: walk_forward: 'grid' is missing"),
            ("{train: 1, test: 50, grid: \"fast=2\"}", "cross.yaml:6: walk_forward.train: "),
            ("{train: 100, test: 50, grid: \"fast=9:2:1\"}", "walk_forward.grid: "),
            ("{train: 100, test: 50, grid: \"quick=2\"}", "'quick'"),
            ("{train: 1000, test: 50, grid: \"fast=2\"}", "bars.csv: there are 300 bars"),
            ("soon", "cross.yaml:6: walk_forward: expected an object"),
        ]
    )
    func badPlan(_ plan: String, _ words: String) async throws {
        let lab = try Lab()
        let text = String(decoding: try lab.folder.read("cross.yaml"), as: UTF8.self)
        try lab.write("\(text)walk_forward: \(plan)\n")

        let result = try await lab.run("backtest", [lab.strategy])

        expectComplaint(result, status: 65, words)
    }
}
