// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A text split at its front matter: the lines between two `---` at the very start.
///
/// Line ends come out as LF, whatever they were.
struct FrontMatter {
    /// The lines between the marks.
    let header: String
    /// Everything behind the second mark.
    let body: String
    /// The line of the file on which the body begins, from 1.
    let bodyLine: Int

    /// Splits a text; nil when it does not begin with closed front matter.
    init?(_ text: String) {
        let lines = Self.lines(of: text)
        func isMark(_ line: Substring) -> Bool { line == "---" }
        guard let first = lines.first, isMark(first) else { return nil }
        guard let end = lines.dropFirst().firstIndex(where: isMark) else { return nil }
        header = lines[1..<end].joined(separator: "\n")
        body = lines[(end + 1)...].joined(separator: "\n")
        bodyLine = end + 2
    }

    /// The lines of a text, whether they end in LF or in CR LF, which is one character in Swift.
    static func lines(of text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }
}
