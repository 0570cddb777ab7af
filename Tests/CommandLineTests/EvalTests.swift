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
