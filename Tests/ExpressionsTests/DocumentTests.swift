// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Foundation
import Testing

@Suite("The document about expressions")
struct DocumentTests {
    private let text: String

    init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        text = try String(contentsOfFile: "/\(root)/docs/expressions.md", encoding: .utf8)
    }

    @Test("every standard function, method and macro is explained")
    func names() {
        for name in Expression.standardNames {
            let isExplained = text.contains("\(name)(") || text.contains("`\(name)`")
            #expect(isExplained, "\(name) is not in docs/expressions.md")
        }
    }

    @Test("every limit is the one that holds")
    func limits() {
        let limits = ExpressionLimits.standard

        #expect(text.contains("| length of an expression | \(limits.sourceBytes / 1024) KiB |"))
        #expect(text.contains("| nesting | \(limits.nestingDepth) levels;"))
        #expect(text.contains("| macros inside macros | \(limits.macroNesting) |"))
        #expect(text.contains("| \(limits.evaluationSteps / 1000) 000;"))
        #expect(text.contains("| length of a pattern | \(limits.patternBytes / 1024) KiB |"))
        #expect(text.contains("may have \(BatchEvaluator.longestLine >> 20) MiB"))
    }

    @Test("every suite of the specification is listed, and no other")
    func suites() throws {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let files = try FileManager.default.contentsOfDirectory(atPath: "/\(folder)/Specification")
        let listed = text.components(separatedBy: "| `Specification").dropFirst().map { part in
            "Specification" + part.prefix { $0 != "`" } + ".swift"
        }

        #expect(listed.sorted() == files.sorted())
    }

    @Test("the examples are expressions")
    func examples() throws {
        let blocks = text.components(separatedBy: "```cel\n").dropFirst()
        let lines = blocks.flatMap { block in
            block.prefix { $0 != "`" }.split(separator: "\n").map(String.init)
        }

        #expect(lines.count == 3)
        for line in lines { _ = try Expression(parsing: line) }
    }
}
