// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Form of files and functions")
struct FormTests {
    @Test(
        "a file that is too long is found",
        arguments: [
            ("Sources/Quant/Bar.swift", 300), ("Sources/CSandbox/a.c", 300),
            ("Tests/QuantTests/A.swift", 500),
        ]
    )
    func findsLongFile(path: String, limit: Int) {
        let longest = Sample.bare(String(repeating: "\n", count: limit), at: path)
        let tooLong = Sample.bare(String(repeating: "\n", count: limit + 1), at: path)

        #expect(FormChecks.fileLength(longest).isEmpty)
        #expect(FormChecks.fileLength(tooLong).count == 1)
    }

    @Test(
        "a body that is too long is found, whatever declares it",
        arguments: [
            "func total(of text: String = \"}\") -> Int {", "init?(a: () -> Void = {}) {",
            "deinit {",
            "static func == (a: A, b: B) -> Bool {", "subscript(index: Int) -> Int {",
            "func f<A>(_ a: A)\nthrows(E) -> [A] where A: B {", "var total: Int {",
        ]
    )
    func findsLongFunction(head: String) {
        let extra = head.contains("\n") ? 1 : 0
        let longest = Sample.file("\(head)\n\(Sample.lines(58 - extra))\n}")
        let tooLong = Sample.file("\(head)\n\(Sample.lines(59 - extra))\n}")

        #expect(FormChecks.functionLength(longest).isEmpty)
        #expect(FormChecks.functionLength(tooLong).count == 1)
    }

    @Test("braces in comments and literals end no function")
    func ignoresTextBraces() {
        let code = "func f() {\n// }\n/* } */\nlet a = \"}\"\n\(Sample.lines(57))\n}"

        let found = FormChecks.functionLength(Sample.file(code))

        #expect(found.map(\.line) == [4])
    }

    @Test("a requirement without a body does not take the next one's")
    func skipsRequirements() {
        let code = "protocol P {\n    func a()\n    func b() -> Int\n}\nfunc c() {\n}"

        let names = FunctionBody.all(in: Sample.file(code).tokens).map(\.name)

        #expect(names == ["c"])
    }

    @Test("a line beyond 100 columns is found", arguments: ["A.swift", "a.h", "Makefile"])
    func findsLongLine(name: String) {
        let text = "\(String(repeating: "é", count: 100))\n\(String(repeating: "é", count: 101))\n"

        let found = FormChecks.lineLength(Sample.bare(text, at: "Sources/A/\(name)"))

        #expect(found.map(\.line) == [2])
    }

    @Test(
        "a file without the exact header is found",
        arguments: [
            "import A\n", "// Part of Loopdesk.\nimport A\n", "\n\(Sample.header)",
            "\(Sample.header)// Somebody, some year\n",
        ]
    )
    func findsMissingHeader(text: String) {
        let found = FormChecks.header(Sample.bare(text, at: "Sources/Quant/Bar.swift"))

        #expect(found.count == 1)
    }

    @Test("a manifest may begin with its tools version")
    func allowsToolsVersion() {
        let file = Sample.bare("// swift-tools-version: 6.2\n\(Sample.header)", at: "Package.swift")

        #expect(FormChecks.header(file).isEmpty)
    }

    @Test(
        "a source file that is not named after its type is found",
        arguments: [
            ("Bars.swift", 1), ("Bar+Rows.swift", 0), ("Bar.swift", 0), ("main.swift", 0),
            ("Array+Bars.swift", 0),
        ]
    )
    func findsForeignName(name: String, count: Int) {
        let file = Sample.file("extension Bar {}\nextension [Bar] {}", at: "Sources/Quant/\(name)")

        #expect(FormChecks.fileName(file).count == count)
    }

    @Test("no file of the tree is too long")
    func treeFiles() async throws {
        try await SourceTree.requireLoaded().expectNone(FormChecks.fileLength)
    }

    @Test("no function of the tree is too long")
    func treeFunctions() async throws {
        try await SourceTree.requireLoaded().expectNone(FormChecks.functionLength)
    }

    @Test("no line of the tree is too long")
    func treeLines() async throws {
        try await SourceTree.requireLoaded().expectNone(FormChecks.lineLength)
    }

    @Test("every code file of the tree has the header")
    func treeHeaders() async throws {
        try await SourceTree.requireLoaded().expectNone(FormChecks.header)
    }

    @Test("every source file of the tree is named after its type")
    func treeNames() async throws {
        try await SourceTree.requireLoaded().expectNone(FormChecks.fileName)
    }
}
