// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

/// The line of an expression that holds a fault, with a mark below the place.
struct EvalExcerpt {
    /// The line, cut around the place if it is long.
    let text: String
    /// Blanks and a caret.
    let caret: String

    private static let width = 72

    init(of source: String, line: Int, column: Int) {
        let lines = source.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let scalars = lines.indices.contains(line - 1) ? Array(lines[line - 1]) : []
        let place = min(max(0, column - 1), scalars.count)
        let start = scalars.count <= Self.width ? 0 : max(0, place - Self.width / 2)
        let end = min(scalars.count, start + Self.width)
        var text = start > 0 ? "…" : ""
        for scalar in scalars[start..<end] {
            // What moves the cursor would part the mark from its place.
            text.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        self.text = end < scalars.count ? text + "…" : text
        caret = String(repeating: " ", count: place - start + (start > 0 ? 1 : 0)) + "^"
    }
}

extension Failure {
    /// The fault of an expression with the line it is in and a mark below the place.
    init(_ error: ExpressionError, in source: String) {
        let excerpt = EvalExcerpt(of: source, line: error.line, column: error.column)
        self.init("\(error)\n  \(excerpt.text)\n  \(excerpt.caret)", .badData)
    }
}
