// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The delimiters of a string or regular expression literal in Swift.
struct Literal {
    let opening: [UInt8]
    let closing: [UInt8]
    let escape: [UInt8]
    let isMultiline: Bool
    let hasInterpolation: Bool

    private static let hash = UInt8(ascii: "#")
    private static let quote = UInt8(ascii: "\"")
    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")

    /// The literal that opens at that position; nil when none does.
    init?(in bytes: [UInt8], at position: Int) {
        let first = bytes[position]
        guard first == Self.hash || first == Self.quote || first == Self.slash else { return nil }
        let hashes = bytes[position...].prefix { $0 == Self.hash }.count
        let rest = bytes[(position + hashes)...]
        let delimiter: [UInt8]
        if rest.starts(with: [Self.quote, Self.quote, Self.quote]) {
            delimiter = [Self.quote, Self.quote, Self.quote]
        } else if rest.first == Self.quote {
            delimiter = [Self.quote]
        } else if rest.first == Self.slash,
            hashes > 0 || Self.opensExpression(bytes, at: position)
        {
            delimiter = [Self.slash]
        } else {
            return nil
        }
        let marks = [UInt8](repeating: Self.hash, count: hashes)
        let isExpression = delimiter == [Self.slash]
        opening = marks + delimiter
        closing = delimiter + marks
        escape = isExpression ? [Self.backslash] : [Self.backslash] + marks
        isMultiline = delimiter.count == 3 || (isExpression && hashes > 0)
        hasInterpolation = !isExpression
    }

    /// Whether a bare slash opens a regular expression: it stands where an operand is due, no
    /// blank follows, and a second slash is on the line.
    private static func opensExpression(_ bytes: [UInt8], at position: Int) -> Bool {
        let blanks = Array(" \t".utf8)
        let before = bytes[..<position].last { !blanks.contains($0) } ?? UInt8(ascii: "\n")
        guard "\n(,=:[{;!&|?".utf8.contains(before) else { return false }
        let line = bytes[(position + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        guard let next = line.first, !blanks.contains(next) else { return false }
        return line.dropFirst().contains(slash)
    }
}
