// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Layers")
struct LayerTests {
    private func messages(_ code: String, in target: String) -> [String] {
        LayerTable.loopdesk.violations(in: Sample.file(code, at: "Sources/\(target)/A.swift"))
            .map(\.message)
    }

    @Test(
        "an import that the table does not list is found",
        arguments: [
            ("Basics", "import Quant"), ("Expressions", "import Desk"),
            ("Quant", "public import Desk"), ("Trading", "import struct Expressions.Value"),
            ("Desk", "@preconcurrency import Quant"), ("Git", "import CSandbox"),
            ("Processes", "internal import CGit2"), ("HTTP", "import Processes"),
            ("Agents", "import Supervisor"), ("Supervisor", "import Agents"),
            ("Gateway", "import Git"), ("Dashboard", "import Gateway"), ("AgentMain", "import Git"),
            ("Quant", "import Crypto"), ("Supervisor", "import Yams"), ("Desk", "import Logging"),
            ("Supervisor", "import GRDB"), ("AgentMain", "import ArgumentParser"),
            ("Supervisor", "import NIOCore"), ("Endpoints", "import Supervisor"),
            ("Trading", "import Foundation"),
            ("Git", "import FoundationEssentials"), ("AgentMain", "import Foundation"),
            ("Unheard", "import Basics"),
        ]
    )
    func findsForbiddenImport(target: String, code: String) {
        let found = messages(code, in: target)

        #expect(found.count == 1)
    }

    @Test(
        "an import that the table lists is allowed",
        arguments: [
            ("Basics", "import Crypto"), ("Quant", "public import Basics"),
            ("Desk", "import Yams"), ("Git", "import CGit2\nimport Crypto\nimport Glibc"),
            ("Gateway", "import GRDB\nimport Foundation\nimport Logging"),
            ("CLI", "import Supervisor\nimport Agents\nimport ArgumentParser"),
            ("Expressions", "// import Quant\nlet a = \"import Quant\""),
        ]
    )
    func allowsListedImport(target: String, code: String) {
        let found = messages(code, in: target)

        #expect(found.isEmpty)
    }

    @Test("the table has no circle: a target imports only those above it in the list")
    func hasNoCircle() {
        let rows = LayerTable.loopdesk.rows
        let names = rows.map(\.target)

        for (index, row) in rows.enumerated() {
            let later = row.imports.filter { names[index...].contains($0) }
            #expect(later.isEmpty, "\(row.target)")
        }
    }

    @Test("the block of a document is found between its marks")
    func findsBlock() {
        let document = "a\n<!-- layers -->\n```text\nA: –\nB: A\n```\n<!-- layers -->\nb\n"

        #expect(LayerTable.text(in: document) == "A: –\nB: A")
    }

    @Test(
        "a document without marks or fences has no block",
        arguments: [
            "A: –\n", "<!-- layers -->\n```\nA: –\n```\n", "<!-- layers -->\n<!-- layers -->\n",
        ]
    )
    func missesBlock(document: String) {
        #expect(LayerTable.text(in: document) == nil)
    }

    @Test("the imports of the tree obey the table")
    func treeObeys() async throws {
        let tree = try await SourceTree.requireLoaded()

        tree.expectNone(LayerTable.loopdesk.violations)
    }

    @Test("ARCHITECTURE.md shows the same table")
    func documentAgrees() async throws {
        let tree = try await SourceTree.requireLoaded()
        let file = tree.file("ARCHITECTURE.md")

        let document = try #require(
            file,
            "there is no ARCHITECTURE.md; write it, with the layer table"
        )
        let block = try #require(
            LayerTable.text(in: document.text),
            "ARCHITECTURE.md has no fenced block between two <!-- layers --> marks; add the table"
        )
        #expect(block == LayerTable.loopdesk.text)
    }
}
