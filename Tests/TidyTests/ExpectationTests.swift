// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Tests that can fail")
struct ExpectationTests {
    private func file(_ code: String) -> SourceFile {
        Sample.file(code, at: "Tests/QuantTests/BarTests.swift")
    }

    @Test(
        "a test without an expectation is found",
        arguments: [
            ("@Test(\"a\") func a() { f() }", 1), ("@Test func a() { #expect(f() == 1) }", 0),
            ("@Test func a() throws { let b = try #require(f()) }", 0),
            ("@Test(arguments: [1]) func a(b: Int) { expectSame(b, f(b)) }", 0),
            ("@Test func a() { // #expect(f())\n }", 1),
            ("@Test func a() { #expect(f() == 1) }\n@Test func b() { f() }", 1),
            ("func a() { #expect(f() == 1) }", 1),
        ]
    )
    func findsMissingExpectation(code: String, count: Int) {
        #expect(ExpectationChecks.missing(file(code)).count == count)
    }

    @Test(
        "an expectation of a constant is found",
        arguments: [("#expect(true)", 1), ("#expect(true, \"a\")", 1), ("#expect(true == f())", 0)]
    )
    func findsEmptyExpectation(code: String, count: Int) {
        #expect(ExpectationChecks.empty(file("@Test func a() { \(code) }")).count == count)
    }

    @Test("every test of the tree has an expectation")
    func treeTests() async throws {
        try await SourceTree.requireLoaded().expectNone(ExpectationChecks.missing)
    }

    @Test("no expectation of the tree is empty")
    func treeExpectations() async throws {
        try await SourceTree.requireLoaded().expectNone(ExpectationChecks.empty)
    }
}
