// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk eval --batch", .scratchFolder)
struct EvalBatchTests {
    private func batch(_ input: String) async throws -> FinishedCommand {
        let program = try BuiltProduct.path("loopdesk")
        return try await CommandGate.shared.pass {
            try await runCommand(program, ["eval", "--batch"], input: input)
        }
    }

    @Test("each line of standard input gets one line, whatever it is")
    func lines() async throws {
        let result = try await batch(
            """
            {"expr": "1 + 2 * 3"}
            {"expr": "x > 1.5", "bindings": {"x": {"double": 2}}}
            nonsense
            {"expr": "1 / 0"}
            {"expr": "timestamp(0).getHours('America/New_York') in [18, 19]"}
            {"expr": "'last'"}
            """
        )

        #expect(result.isSuccess)
        #expect(result.stderr.isEmpty)
        #expect(
            result.stdout.split(separator: "\n") == [
                #"{"value":{"int":"7"}}"#, #"{"value":{"bool":true}}"#,
                #"{"error":"input line 3, byte 1: expected an object"}"#,
                #"{"error":"line 1, column 3: an integer is divided by zero"}"#,
                #"{"value":{"bool":true}}"#, #"{"value":{"string":"last"}}"#,
            ]
        )
    }

    @Test("no input has no answer")
    func empty() async throws {
        let result = try await batch("")

        #expect(result.isSuccess)
        #expect(result.stdout.isEmpty)
    }

    @Test("deep nesting and long texts are errors, not crashes")
    func extremes() async throws {
        let deep = String(repeating: "(", count: 50_000)
        let lists = String(repeating: "[", count: 50_000)
        let text = String(repeating: "a", count: 2_000_000)

        let result = try await batch(
            """
            {"expr": "\(deep)"}
            {"expr": "1", "bindings": {"x": \(lists)}}
            {"expr": "x.matches('^(a+)+$') || x.size() == 2000000", "bindings": {"x": "\(text)"}}
            {"expr": "1"}
            """
        )

        let lines = result.stdout.split(separator: "\n")
        #expect(result.isSuccess)
        #expect(lines.count == 4)
        #expect(lines.first?.contains("longer than 8192 bytes") == true)
        #expect(lines.dropFirst().first?.contains("nested deeper than 128 levels") == true)
        #expect(lines.last == #"{"value":{"int":"1"}}"#)
    }

    @Test(
        "words that do not go together are refused with the usage",
        arguments: [
            ["--batch", "1"], ["--batch", "--json"], ["--batch", "--data", "x.csv"],
            ["--batch", "--with", "x.json"], ["1", "--symbol", "SPY"],
            ["1", "2"], ["1", "--wiht", "x.json"], ["1", "--data", "x.csv", "--json"],
            ["1", "--data", "x.csv", "--with", "x.json"], [],
        ]
    )
    func words(words: [String]) async throws {
        let result = try await TestDesk.run(["eval"] + words)

        #expect(result.status == 64)
        #expect(result.stderr.contains("Usage: loopdesk eval"))
        #expect(result.stdout.isEmpty)
    }
}
