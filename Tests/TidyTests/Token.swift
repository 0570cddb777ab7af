// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A word, or a single punctuation character, of Swift code.
///
/// `try!`, `try?`, `as!` and `as?` are one token each; with a blank in between they mean
/// something else.
struct Token: Hashable {
    let text: String
    /// The line it stands on, counted from 1.
    let line: Int

    /// The tokens of code without comments and literals.
    static func tokens(of code: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var line = 1
        var position = 0
        while position < code.count {
            let byte = code[position]
            let start = position
            position += 1
            if isWord(byte) {
                while position < code.count, isWord(code[position]) { position += 1 }
                if position < code.count, isMark(code[position], after: code[start..<position]) {
                    position += 1
                }
            } else if byte == UInt8(ascii: "\n") {
                line += 1
                continue
            } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                continue
            }
            let text = String(decoding: code[start..<position], as: UTF8.self)
            tokens.append(Token(text: text, line: line))
        }
        return tokens
    }

    private static func isMark(_ byte: UInt8, after word: ArraySlice<UInt8>) -> Bool {
        guard byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") else { return false }
        return word.elementsEqual("try".utf8) || word.elementsEqual("as".utf8)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
