// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Separates Swift code from the comments and the string literals inside it.
///
/// It yields two copies of the text, of the same length and with the same line breaks: one where
/// only code is left, one where only comments are left. A literal leaves its two quotes behind;
/// what an interpolation `\(…)` holds is code.
struct SwiftScanner {
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]
    private let bytes: [UInt8]
    private static let special = Array("/#\"`()".utf8)
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        code = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        comments = code
        while position < bytes.count { scanCode() }
    }

    /// Reads code up to the end, or to the parenthesis that closes an interpolation.
    private mutating func scanCode() {
        var depth = 0
        while position < bytes.count {
            let byte = bytes[position]
            if !Self.special.contains(byte) {
                keepCode()
            } else if starts("//") {
                scanLineComment()
            } else if starts("/*") {
                scanBlockComment()
            } else if let literal = Literal(in: bytes, at: position) {
                scan(literal)
            } else if byte == UInt8(ascii: "`") {
                scanQuotedName()
            } else {
                keepCode()
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if depth < 0 { return }
            }
        }
    }

    private mutating func scanLineComment() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { keepComment() }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                keepComment(2)
            } else if starts("*/") {
                depth -= 1
                keepComment(2)
            } else {
                keepComment()
            }
        } while depth > 0 && position < bytes.count
    }

    /// A name in backticks may hold any character; it is code up to the next backtick.
    private mutating func scanQuotedName() {
        repeat {
            keepCode()
        } while position < bytes.count
            && bytes[position] != UInt8(ascii: "`") && bytes[position] != UInt8(ascii: "\n")
        if position < bytes.count { keepCode() }
    }

    private mutating func scan(_ literal: Literal) {
        code[position] = UInt8(ascii: "\"")
        position += literal.opening.count
        while position < bytes.count {
            if starts(literal.closing) {
                position += literal.closing.count
                code[position - 1] = UInt8(ascii: "\"")
                return
            }
            if !literal.isMultiline, bytes[position] == UInt8(ascii: "\n") { return }
            guard starts(literal.escape) else {
                position += 1
                continue
            }
            position += literal.escape.count
            if starts("("), literal.hasInterpolation {
                position += 1
                scanInterpolation()
            } else {
                position += 1
            }
        }
    }

    private mutating func scanInterpolation() {
        code[position - 1] = UInt8(ascii: "(")
        scanCode()
    }

    private mutating func keepCode() {
        code[position] = bytes[position]
        position += 1
    }

    private mutating func keepComment(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            comments[position] = bytes[position]
            position += 1
        }
    }

    private func starts(_ text: String) -> Bool { starts(Array(text.utf8)) }

    private func starts(_ text: [UInt8]) -> Bool { bytes[position...].starts(with: text) }
}
