// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("The document about expressions", .scratchFolder)
struct EvalDocumentTests {
    private static let root =
        "/"
        + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The commands shown, each with the lines printed below it.
    private static func examples() throws -> [(command: String, output: [String])] {
        let text = String(decoding: try Folder(root).read("docs/expressions.md"), as: UTF8.self)
        var examples: [(command: String, output: [String])] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                examples.append((String(line.dropFirst(2)), []))
            } else if isInside {
                examples[examples.count - 1].output.append(String(line))
            }
        }
        return examples
    }

    @Test("every command prints what it is shown to print")
    func examples() async throws {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace(
            "metrics.json",
            with: Array(#"{"sharpe": 1.7, "max_drawdown": 0.05}"#.utf8)
        )
        try folder.replace(
            "bars.csv",
            with: try Folder(Self.root).read("data/us-equities-daily.csv")
        )
        let program = try BuiltProduct.path("loopdesk")
        let examples = try Self.examples()

        for (command, output) in examples {
            let script = "loopdesk() { '\(program)' \"$@\"; }; { \(command) ; } 2>&1"
            let result = try await CommandGate.shared.pass {
                try await runCommand("/bin/bash", ["-c", script], folder: folder.path)
            }
            // A long output is shown by its first lines.
            let lines = result.stdout.split(separator: "\n").prefix(output.count)
            #expect(lines.map(String.init) == output, "\(command)")
        }
        #expect(examples.count == 4)
    }
}
