// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("The examples of docs/strategies.md", .scratchFolder)
struct StrategyDocumentTests {
    /// A fenced block that begins with `# file: name`.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    static let examples: [Example] = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        // Without the document the test of completeness fails.
        guard let bytes = try? Folder("/\(root)/docs").read("strategies.md") else { return [] }
        let blocks = String(decoding: bytes, as: UTF8.self).split(separator: "```")
        return blocks.compactMap { block in
            let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count > 2, lines[1].hasPrefix("# file: ") else { return nil }
            let text = lines.dropFirst().joined(separator: "\n")
            return Example(name: String(lines[1].dropFirst("# file: ".count)), text: text)
        }
    }()

    @Test("there are examples of every kind")
    func completeness() {
        let names = Self.examples.map(\.name)

        #expect(names.count >= 6)
        #expect(names.contains { $0.hasSuffix(".py") })
        #expect(Self.examples.contains { $0.text.contains("walk_forward:") })
        #expect(Self.examples.contains { $0.text.contains("command:") })
    }

    @Test("each is run and trades", arguments: examples.filter { $0.name.hasSuffix(".yaml") })
    func runs(_ example: Example) async throws {
        let lab = try Lab()
        for file in Self.examples { try lab.write(file.text, to: file.name) }

        let json = try await lab.json("backtest", [lab.path(example.name)])

        #expect((json["trades"]?.intValue ?? 0) > 0)
    }
}
