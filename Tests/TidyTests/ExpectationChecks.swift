// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The checks that a test can fail.
enum ExpectationChecks {
    /// Test files without a test, and tests without an expectation.
    ///
    /// An expectation may also sit in a helper whose name begins with `expect` or `require`.
    static func missing(_ file: SourceFile) -> [Violation] {
        guard file.isTest, file.isSwift else { return [] }
        let tests = testBodies(in: file.tokens)
        if tests.isEmpty, file.name.hasSuffix("Tests.swift") {
            return [file.violation(0, "the file holds no @Test; name it after what it holds")]
        }
        return tests.filter { !holdsExpectation($0.tokens) }.map { body in
            file.violation(body.firstLine, "\(body.name) has neither #expect nor #require")
        }
    }

    /// Expectations of a constant, which nothing can break.
    static func empty(_ file: SourceFile) -> [Violation] {
        guard file.isTest else { return [] }
        let tokens = file.tokens
        let pattern = ["#", "expect", "(", "true"]
        return tokens.indices.filter { index in
            let words = tokens[index...].prefix(5).map(\.text)
            return words.starts(with: pattern) && [")", ","].contains(words.last)
        }.map { file.violation(tokens[$0].line, "#expect(true) cannot fail; compare something") }
    }

    private static func testBodies(in tokens: [Token]) -> [FunctionBody] {
        let functions = FunctionBody.all(in: tokens).filter { tokens[$0.start].text == "func" }
        return tokens.indices.dropLast().filter { index in
            tokens[index].text == "@" && tokens[index + 1].text == "Test"
        }.compactMap { mark in functions.first { $0.start > mark } }
    }

    private static func holdsExpectation(_ tokens: ArraySlice<Token>) -> Bool {
        zip(tokens, tokens.dropFirst()).contains { first, second in
            if first.text == "#" { return second.text == "expect" || second.text == "require" }
            guard second.text == "(" else { return false }
            return ["expect", "require", "confirmation"].contains { first.text.hasPrefix($0) }
        }
    }
}
