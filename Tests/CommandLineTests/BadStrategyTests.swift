// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("A backtest with bad input", .scratchFolder)
struct BadStrategyTests {
    @Test(
        "what is wrong with a strategy is said with file and line",
        arguments: [
            ("", "cross.yaml:1: expected 'key: value' lines"),
            ("- a\n", "cross.yaml:1:"), ("enter: [a\n", "cross.yaml:"),
            ("enter: close > 1\nentr: x\nexit: 'false'\n", "cross.yaml:2: unknown member 'entr'"),
            ("enter: close > 1\nentr: x\nexit: 'false'\n", "did you mean 'enter'?"),
            (
                "enter: close > 1\nexit: 'false'\nwalk_foward: {train: 9}\n",
                "cross.yaml:3: unknown member 'walk_foward'; did you mean 'walk_forward'?"
            ),
            ("exit: close > 1\n", "'enter' is missing"),
            ("enter: clos > 1\nexit: 'false'\n", "cross.yaml:1: enter: "),
            ("enter: close > 1\nexit: close +\n", "cross.yaml:2: exit: "),
            ("enter: close\nexit: 'false'\n", "cross.yaml:1: enter: "),
            ("enter: close > 'a'\nexit: 'false'\n", "cross.yaml:1: enter: "),
            ("enter: sma(close) > 1\nexit: 'false'\n", "cross.yaml:1: enter: "),
            ("enter: close > 1\nexit: 'false'\nsize: 2\n", "cross.yaml:3: size: "),
            ("enter: close > 1\nexit: 'false'\nsize: much\n", "cross.yaml:3: size: "),
            ("enter: close > 1\nexit: 'false'\nside: up\n", "cross.yaml:3: side: "),
            ("enter: close > 1\nexit: 'false'\nside: up\nside: up\n", "given twice"),
            (
                "enter: a > 1\nexit: 'false'\nfeatures:\n  a: close\n  b: sma(close, \n",
                "cross.yaml:5: features.b: "
            ),
            ("enter: close > 1\nexit: 'false'\nuniverse: [a b]\n", "cross.yaml:3: universe"),
            ("enter: close > 1\nexit: 'false'\nuniverse: [NONE]\n", "no series of NONE"),
        ]
    )
    func strategy(_ text: String, _ words: String) async throws {
        let lab = try Lab()
        try lab.write(lab.bars(60, symbols: ["AAA"]), to: "bars.csv")
        try lab.write(text)

        let result = try await lab.run("backtest", [lab.strategy, "--json"])

        expectComplaint(result, status: 65, words)
        #expect(result.stdout.isEmpty)
    }

    @Test(
        "JSON that cannot be read is said with its line",
        arguments: [
            ("{\n\"enter\": \n}", "cross.json:3: "), ("[1]", "expected an object"),
            ("{\n \"enter\": \"close > 1\",\n \"exit\": \"clse < 1\"}", "cross.json:3: exit: "),
        ]
    )
    func json(_ text: String, _ words: String) async throws {
        let lab = try Lab()
        try lab.write(text, to: "cross.json")

        let result = try await lab.run("backtest", [lab.path("cross.json")])

        expectComplaint(result, status: 65, words)
    }

    @Test("nesting and aliases without end are refused")
    func bombs() async throws {
        let lab = try Lab()
        let doubling = (1...30).map { (level: Int) -> String in
            let nine = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
            return "a\(level): &a\(level) [\(nine)]"
        }
        for text in [
            String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
            String(repeating: "? ", count: 100_000),
            (["a0: &a0 x"] + doubling).joined(separator: "\n"),
            String(repeating: "# long\n", count: 200_000),
        ] {
            try lab.write("enter: \(text)\n")
            let inner = try await lab.run("backtest", [lab.strategy])
            try lab.write(text)
            let outer = try await lab.run("backtest", [lab.strategy])

            for result in [inner, outer] {
                #expect([65, 74].contains(result.status), "\(result.ending) \(result.stderr)")
            }
        }
    }

    @Test(
        "a bad row of data is said with its line",
        arguments: [
            ("2010-01-03,nan,2,1,1,1", "line 4"), ("2010-01-03,inf,2,1,1,1", "line 4"),
            ("2010-01-03,0,2,0,1,1", "line 4"), ("2010-01-03,-1,2,-1,1,1", "line 4"),
            ("2010-01-03,1,0.5,1,1,1", "line 4"), ("2010-01-01,1,1,1,1,1", "line 4"),
            ("2010-01-02,1,1,1,1,1", "line 4"), ("2010-01-03,1,1,1", "line 4"),
            ("someday,1,1,1,1,1", "line 4"), ("2010-01-03,1,1,1,x,1", "line 4"),
        ]
    )
    func row(_ row: String, _ words: String) async throws {
        let lab = try Lab()
        try lab.write("\(lab.bars(2))\(row)\n", to: "bars.csv")

        let result = try await lab.run("backtest", [lab.strategy])

        expectComplaint(result, status: 65, "bars.csv: ", words)
    }

    @Test(
        "data without bars or columns is refused",
        arguments: [
            ("", "empty"), ("timestamp,open,high,low,close,volume\n", "no rows"),
            ("timestamp,open,high,low,clos,volume\n2010-01-01,1,1,1,1,1\n", "'close'"),
            ("open,high,low,close,volume\n1,1,1,1,1\n", "'timestamp'"),
        ]
    )
    func data(_ text: String, _ words: String) async throws {
        let lab = try Lab()
        try lab.write(text, to: "bars.csv")

        let result = try await lab.run("backtest", [lab.strategy])

        expectComplaint(result, status: 65, "bars.csv: ", words)
    }

    @Test("a header without a line feed, a folder and a device are refused as data")
    func places() async throws {
        let lab = try Lab()
        try lab.write("timestamp,open,high,low,close,volume", to: "bars.csv")

        let header = try await lab.run("backtest", [lab.strategy])
        let folder = try await lab.run("backtest", [lab.strategy, "--data", lab.folder.path])
        let device = try await lab.run("backtest", [lab.strategy, "--data", "/dev/zero"])

        expectComplaint(header, status: 65, "bars.csv: ", "no rows")
        expectComplaint(folder, status: 74, "cannot read ", "not a regular file")
        expectComplaint(device, status: 74, "cannot read /dev/zero: not a regular file")
    }

    @Test("a strategy may begin with a byte order mark and end its lines with both characters")
    func byteOrderMark() async throws {
        let lab = try Lab()
        let plain = try await lab.json("backtest", [lab.strategy])
        let text = String(decoding: try lab.folder.read("cross.yaml"), as: UTF8.self)

        try lab.write("\u{FEFF}" + text.replacing("\n", with: "\r\n"))
        let marked = try await lab.json("backtest", [lab.strategy])

        #expect(marked == plain)
    }

    @Test("files that are not there, and a window without bars, are named")
    func missing() async throws {
        let lab = try Lab()

        let data = try await lab.run("backtest", [lab.strategy, "--data", "none.csv"])
        let strategy = try await lab.run("backtest", ["none.yaml"])
        let window = try await lab.run("backtest", [lab.strategy, "--from", "2030-01-01"])
        let folder = try await lab.run("backtest", [lab.strategy, "--html", "no/where.html"])

        expectComplaint(data, status: 66, "none.csv")
        expectComplaint(strategy, status: 66, "none.yaml")
        expectComplaint(window, status: 65, "no bars in the window")
        expectComplaint(folder, status: 66, "no/where.html")
    }

    @Test(
        "options that make no sense are refused",
        arguments: [
            ["--fee", "1"], ["--slippage=-0.1"], ["--capital", "0"], ["--capital", "1e16"],
            ["--from", "soon"],
            ["--from", "2011-01-01", "--through", "2010-01-01"], ["--dialect", "other"],
            ["--periods", "0"],
        ]
    )
    func options(_ words: [String]) async throws {
        let lab = try Lab()

        let result = try await lab.run("backtest", [lab.strategy] + words)

        #expect(result.status == 64)
        #expect(result.stderr.contains("--"))
    }
}
