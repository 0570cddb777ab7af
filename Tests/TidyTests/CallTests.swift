// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Banned calls")
struct CallTests {
    private func lines(_ code: String, at path: String = "Sources/Quant/Bar.swift") -> [Int] {
        CallChecks.bannedCalls(Sample.file(code, at: path)).map(\.line)
    }

    @Test("every banned call is found in a plain file", arguments: BannedCall.all.map(\.spelling))
    func findsEach(spelling: String) {
        let isCall = spelling.hasSuffix("(")
        let found = lines(
            "let a = \(spelling.hasPrefix(".") ? "b" : "")\(spelling)\(isCall ? "1)" : "")"
        )

        #expect(found.contains(4))
    }

    @Test("the message names the replacement")
    func namesReplacement() {
        let found = CallChecks.bannedCalls(Sample.file("let now = Date()"))

        #expect(found.map(\.message).first?.contains("SystemClock") == true)
    }

    @Test(
        "a banned call is found however it is written",
        arguments: [
            "Swift.print(1)", "print (1)", "\"a \\(Date()) b\"", "Foundation.Date()", "UUID()",
            "try! f()", "b as! C", "(1...6).randomElement()", "Int.random(in: 1...f(using: 2))",
        ]
    )
    func findsSpellings(code: String) {
        #expect(lines("let a = \(code)") == [4])
    }

    @Test(
        "text and names that only look like a banned call are left alone",
        arguments: [
            "// print(1), try! and Date()", "let a = \"print(1)\"",
            "let a = \"\"\"\n Date()\n \"\"\"",
            "let a = #\"as! \\(Date())\"#", "report.print(1)", "func sleep(_ a: Int) {}",
            "case system(Int)", "values.shuffled(using: &seeded)",
            "Int.random(in: 1...6, using: &seeded)",
            "blueprint(1)", "Date(timeIntervalSince1970: 0)", "environment", "let a = /try!/",
            "if try !f() {}",
        ]
    )
    func leavesOthers(code: String) {
        #expect(lines(code).isEmpty)
    }

    @Test(
        "the one place where a call is right may make it",
        arguments: [
            ("Sources/CLI/Say.swift", "print(1)"), ("Sources/AgentMain/main.swift", "print(1)"),
            ("Sources/CLI/Start.swift", "getenv(a)"),
            ("Sources/Processes/Channels/SystemClock.swift", "clock_gettime(a, b)"),
            ("Sources/Processes/Children/Child.swift", "posix_spawn(a)"),
            ("Sources/Basics/Files/Folder.swift", "open(a, O_RDONLY)"),
            ("Tests/QuantTests/BarTests.swift", "print(Date(), FileManager.default)"),
            ("Tests/TestSupport/Eventually.swift", "try await Task.sleep(for: a)"),
            ("Benchmarks/Turns/main.swift", "print(ContinuousClock.now)"),
        ]
    )
    func allowsRightPlace(path: String, code: String) {
        #expect(lines(code, at: path).isEmpty)
    }

    @Test(
        "tests may not sleep, draw unseeded numbers or trap",
        arguments: ["Task.sleep(for: a)", "[1].shuffled()", "try! f()", "arc4random()"]
    )
    func coversTests(code: String) {
        #expect(lines(code, at: "Tests/QuantTests/BarTests.swift") == [4])
    }

    @Test(
        "a dropped error needs a comment",
        arguments: [
            ("let a = try? f()", 1), ("let a = try? f() // f fails only when done", 0),
            ("// It may be gone.\nlet a = try? f()", 0), ("// why\n\nlet a = try? f()", 1),
        ]
    )
    func findsDroppedError(code: String, count: Int) {
        #expect(CallChecks.droppedErrors(Sample.file(code)).count == count)
    }

    @Test(
        "work put off in a comment is found, in a literal it is not",
        arguments: [
            ("// TODO: more", 1), ("/* a\n FIXME */", 1), ("let a = \"TODO\"", 0), ("// TODOs", 0),
        ]
    )
    func findsUnfinishedWork(code: String, count: Int) {
        #expect(CallChecks.unfinishedWork(Sample.file(code)).count == count)
    }

    @Test("the tree makes no banned call")
    func treeCalls() async throws {
        try await SourceTree.requireLoaded().expectNone(CallChecks.bannedCalls)
    }

    @Test("the tree drops no error without saying why")
    func treeErrors() async throws {
        try await SourceTree.requireLoaded().expectNone(CallChecks.droppedErrors)
    }

    @Test("the tree puts no work off")
    func treeWork() async throws {
        try await SourceTree.requireLoaded().expectNone(CallChecks.unfinishedWork)
    }
}
