// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk eval --data", .scratchFolder)
struct EvalDataTests {
    private static let plain = """
        timestamp,open,high,low,close,volume
        2024-01-02,1,2,0.5,1.5,10
        2024-01-03,2,3,1.5,2.5,10
        2024-01-04T21:00:00Z,3,4,2.5,3.5,10
        """
    private static let pair = """
        symbol,timestamp,open,high,low,close,volume
        B,2024-01-02,1,2,0.5,1.5,10
        A,2024-01-02,2,3,1.5,2.5,10
        B,2024-01-03,3,4,2.5,3.5,10
        """

    private func eval(
        _ expression: String,
        on content: String,
        _ words: String...
    ) async throws -> FinishedCommand {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("bars.csv", with: Array(content.utf8))
        return try await TestDesk.run(["eval", expression, "--data", "bars.csv"] + words)
    }

    @Test(
        "there is a row per bar, empty while warming up",
        arguments: [
            ("close * 2.0", ["2024-01-02,3.0", "2024-01-03,5.0", "2024-01-04T21:00:00Z,7.0"]),
            ("sma(close, 2)", ["2024-01-02,", "2024-01-03,2.0", "2024-01-04T21:00:00Z,3.0"]),
            (
                "lag(close, 1) > 2.0",
                ["2024-01-02,", "2024-01-03,false", "2024-01-04T21:00:00Z,true"]
            ),
            ("1", ["2024-01-02,1.0", "2024-01-03,1.0", "2024-01-04T21:00:00Z,1.0"]),
        ]
    )
    func rows(expression: String, rows: [String]) async throws {
        let result = try await eval(expression, on: Self.plain)

        #expect(result.stderr.isEmpty)
        #expect(result.stdout == (["timestamp,value"] + rows).joined(separator: "\n") + "\n")
    }

    @Test("several symbols get a column in front, and one may be chosen")
    func symbols() async throws {
        let all = try await eval("close", on: Self.pair)
        let one = try await eval("close", on: Self.pair, "--symbol", "B")

        #expect(
            all.stdout
                == "symbol,timestamp,value\nA,2024-01-02,2.5\nB,2024-01-02,1.5\nB,2024-01-03,3.5\n"
        )
        #expect(one.stdout == "timestamp,value\n2024-01-02,1.5\n2024-01-03,3.5\n")
    }

    @Test(
        "an expression that does not fit the columns is shown with its place",
        arguments: [
            ("sma(clos, 3)", "did you mean 'close'?", "loopdesk:       ^"),
            ("close + 1", "write 1.0", "loopdesk:         ^"),
            ("close > (1", "expected ')'", "loopdesk:             ^"),
            ("sma(close)", "sma", "loopdesk:   ^"), ("sma(close, 2, 3)", "sma", "loopdesk:   ^"),
            ("close + sma('a', 2)", "argument 1", "loopdesk:           ^"),
            ("1.0 + sma(close, 0)", "sma", "loopdesk:         ^"),
            ("1.0 + smma(close, 2)", "did you mean", "loopdesk:         ^"),
            ("close % 2", "'%' takes integers", "loopdesk:         ^"),
            ("[close]", "functions only", "loopdesk:   ^"), ("'text'", "string", "loopdesk:   ^"),
        ]
    )
    func faultyExpression(expression: String, words: String, caret: String) async throws {
        let result = try await eval(expression, on: Self.plain)

        expectComplaint(result, status: 65, words, "loopdesk:   \(expression)\n", "\(caret)\n")
        #expect(result.stdout.isEmpty)
    }

    @Test(
        "a file that cannot be used is named with the line",
        arguments: [
            ("", "bars.csv: the file is empty"),
            ("timestamp,open,high,low,close,volume\n", "no rows"),
            ("timestamp,open,high,low,volume\n2024-01-02,1,2,1,9\n", "no column 'close'"),
            ("\(plain)\n2024-01-05,1,2,x,1,9\n2024-01-06,1,2,x,1,9", "line 5"),
            ("\(plain)\n2024-01-05,-1,2,-1,1,9", "line 5"),
            ("\(plain)\n2024-01-02,1,2,1,1,9", "line 5"),
        ]
    )
    func faultyFile(content: String, words: String) async throws {
        let result = try await eval("close", on: content)

        expectComplaint(result, status: 65, "bars.csv", words)
        #expect(result.stdout.isEmpty)
    }

    @Test("a file or symbol that is not there is refused, and so is a name that is no symbol")
    func missing() async throws {
        let file = try await TestDesk.run(["eval", "close", "--data", "none.csv"])
        let symbol = try await eval("close", on: Self.pair, "--symbol", "C")
        let malformed = try await eval("close", on: Self.pair, "--symbol", "a b")

        expectComplaint(file, status: 66, "none.csv")
        expectComplaint(symbol, status: 66, "no bars of 'C'; there are A, B")
        expectComplaint(malformed, status: 65, "'a b'")
    }
}
