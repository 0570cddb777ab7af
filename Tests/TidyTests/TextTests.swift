// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Text of every file")
struct TextTests {
    @Test(
        "stray blanks and a wrong end are found",
        arguments: [
            ("docs/a.md", "a\tb\n", 1), ("docs/a.md", "a \n", 1), ("docs/a.md", "a", 1),
            ("docs/a.md", "a\n\n", 1), ("docs/a.md", "a\r\n", 1), ("docs/a.md", "a b\n", 0),
            ("Makefile", "a:\n\tb\n", 0), ("Makefile", "a:\tb\n", 1), ("docs/a.md", "", 0),
        ]
    )
    func findsBlanks(path: String, text: String, count: Int) {
        #expect(TextChecks.blanks(Sample.bare(text, at: path)).count == count)
    }

    @Test("a path of one machine is found", arguments: ["work", "root", "home"])
    func findsMachinePath(folder: String) {
        let lines = ["`/\(folder)/a`", "/\(folder)/a", "file:///\(folder)/a", "PATH=/\(folder)/a"]

        let found = TextChecks.machinePaths(
            Sample.bare(lines.joined(separator: "\n") + "\n", at: "README.md")
        )

        #expect(found.map(\.line) == [1, 2, 3, 4])
    }

    @Test("a folder of that name further down a path is left alone")
    func leavesRelativePath() {
        let paths = ["agents/risk", "\\(worktree)", "${DESK}", "..", "~"].map { "\($0)/work/a" }
        let text = (paths + ["`/work/`"]).joined(separator: ", ") + "\n"

        #expect(TextChecks.machinePaths(Sample.bare(text, at: "README.md")).isEmpty)
    }

    @Test("the tree has no stray blanks")
    func treeBlanks() async throws {
        try await SourceTree.requireLoaded().expectNone(TextChecks.blanks)
    }

    @Test("the tree names no machine's folders")
    func treePaths() async throws {
        try await SourceTree.requireLoaded().expectNone(TextChecks.machinePaths)
    }
}
