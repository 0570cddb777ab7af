// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk eval", .scratchFolder)
struct EvalTests {
    @Test(
        "an expression has a value",
        arguments: [
            ("1 + 2 * 3", "7"), ("'a' + 'b'", "\"ab\""), ("[1, 2].map(x, x * 2)", "[2,4]"),
            ("duration('36h') > duration('1h')", "true"), ("1.5 / 2.0", "0.75"),
            ("-1 + 3", "2"), ("-(2)", "-2"), ("--2", "2"), ("-[4][0]", "-4"),
        ]
    )
    func value(expression: String, json: String) async throws {
        let plain = try await TestDesk.run(["eval", expression])
        let object = try await TestDesk.run(["eval", expression, "--json"])

        let value = try JSON(parsing: Array(object.stdout.utf8))["value"]
        #expect(plain.isSuccess)
        #expect(plain.stderr.isEmpty)
        #expect(plain.stdout.filter { $0 != " " } == "\(json)\n")
        #expect(value == (try JSON(parsing: Array(json.utf8))))
    }

    @Test("names come from the file given")
    func bindings() async throws {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("m.json", with: Array(#"{"sharpe": 1.7, "max_drawdown": 0.05}"#.utf8))
        let words = ["eval", "sharpe > 1.5 && max_drawdown < 0.10", "--with"]

        let absolute = try await TestDesk.run(words + [folder.path(of: "m.json")])
        let relative = try await TestDesk.run(words + ["m.json"])

        #expect(absolute.stdout == "true\n")
        #expect(relative.stdout == "true\n")
    }

    @Test(
        "what cannot be evaluated is refused with the column",
        arguments: [
            ("1 + ", "line 1, column 5"), ("1 + nobody", "column 5"), ("1 / 0", "column"),
            ("'a' + 1", "column"), ("", "column 1"),
        ]
    )
    func refused(expression: String, words: String) async throws {
        let result = try await TestDesk.run(["eval", "--", expression])

        expectComplaint(result, status: 65, words)
        #expect(result.stdout.isEmpty)
    }

    @Test(
        "the place of a fault is marked below its line",
        arguments: [
            ("1 + nobody", "1 + nobody", 4), ("1 +\n\tnobody", " nobody", 1),
            ("'é' + nobody", "'é' + nobody", 6), ("(1", "(1", 2),
        ]
    )
    func mark(expression: String, line: String, column: Int) async throws {
        let result = try await TestDesk.run(["eval", expression])

        let blanks = String(repeating: " ", count: column)
        #expect(result.stderr.hasSuffix("\nloopdesk:   \(line)\nloopdesk:   \(blanks)^\n"))
    }

    @Test("a long line is cut around the place")
    func longLine() async throws {
        let ones = String(repeating: "1 + ", count: 100)

        let result = try await TestDesk.run(["eval", "\(ones)nobody + \(ones)1"])

        let lines = result.stderr.split(separator: "\n").map { $0.dropFirst("loopdesk: ".count) }
        #expect(lines.count == 3)
        #expect(lines[1].contains("…") && lines[1].unicodeScalars.count < 80)
        let place = lines[2].prefix { $0 == " " }.count
        #expect(lines[1].dropFirst(place).hasPrefix("nobody"))
    }

    @Test("names may be of any type when the file says so")
    func taggedBindings() async throws {
        let folder = Folder(try ScratchFolder.path)
        let content = #"{"now": {"timestamp": "2024-03-04T15:00:00Z"}, "n": {"uint": "3"}}"#
        try folder.replace("m.json", with: Array(content.utf8))
        let words = ["eval", "now.getHours('Europe/Berlin') == 16 && n + 1u == 4u", "--with"]

        let result = try await TestDesk.run(words + ["m.json"])

        #expect(result.stdout == "true\n")
    }

    @Test(
        "a file of names that is missing, no JSON or no object is refused",
        arguments: [
            (nil, 66 as Int32, "m.json"), ("{", 65, "m.json"), ("[1]", 65, "expected an object"),
        ] as [(String?, Int32, String)]
    )
    func badFile(content: String?, status: Int32, words: String) async throws {
        let folder = Folder(try ScratchFolder.path)
        if let content { try folder.replace("m.json", with: Array(content.utf8)) }

        let result = try await TestDesk.run(["eval", "x", "--with", folder.path(of: "m.json")])

        expectComplaint(result, status: status, words)
    }
}
