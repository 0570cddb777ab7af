// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A text file of the tree, split once into what the checks look at.
struct SourceFile {
    /// The path from the root of the tree.
    let path: String
    let text: String
    /// The lines; the line break that ends the file opens no further one.
    let lines: [String]
    /// The words and punctuation of Swift code; empty for other files.
    let tokens: [Token]
    /// The lines with comments only, as many as `lines`; empty for other files.
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = Self.lines(of: text)
        guard path.hasSuffix(".swift") else {
            (tokens, comments) = ([], [])
            return
        }
        let scanner = SwiftScanner(text)
        tokens = Token.tokens(of: scanner.code)
        comments = Self.lines(of: String(decoding: scanner.comments, as: UTF8.self))
    }

    var isSwift: Bool { path.hasSuffix(".swift") }

    var isSource: Bool { path.hasPrefix("Sources/") }

    var isTest: Bool { path.hasPrefix("Tests/") }

    /// The last part of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The folder below `Sources`, which is the target; nil for other files.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    /// Whether a comment stands on that line, counted from 1.
    func hasComment(onLine line: Int) -> Bool {
        comments.indices.contains(line - 1) && comments[line - 1].contains { $0 != " " }
    }

    func violation(_ line: Int, _ message: String) -> Violation {
        Violation(path: path, line: line, message: message)
    }

    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
