// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Lexer {
    /// Reads a string or bytes literal from its opening quote.
    mutating func text(_ form: StringForm, at start: Site) throws(ExpressionError) -> Token {
        guard let quote = peek() else { throw unterminated(at: start) }
        let isTriple = peek(1) == quote && peek(2) == quote
        place += isTriple ? 3 : 1
        var content: [UInt8] = []
        while true {
            guard let octet = peek() else { throw unterminated(at: start) }
            if octet == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                place += isTriple ? 3 : 1
                break
            }
            if !isTriple, octet == 0x0A || octet == 0x0D { throw unterminated(at: start) }
            if octet == UInt8(ascii: "\\"), !form.isRaw {
                try escape(form, into: &content)
            } else {
                content.append(octet)
                place += 1
            }
        }
        return form.isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
    }

    private mutating func escape(
        _ form: StringForm,
        into content: inout [UInt8]
    ) throws(ExpressionError) {
        let start = currentSite()
        guard let letter = peek(1) else { throw unterminated(at: start) }
        place += 2
        if let octet = Lexer.simpleEscape(letter) {
            content.append(octet)
            return
        }
        let code: UInt32?
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            code = digits(2, radix: 16)
        case UInt8(ascii: "u") where !form.isBytes:
            code = digits(4, radix: 16)
        case UInt8(ascii: "U") where !form.isBytes:
            code = digits(8, radix: 16)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            place -= 1
            code = digits(3, radix: 8)
        default:
            code = nil
        }
        guard let code else {
            let hint = "write '\\\\' for a backslash, or r\"…\" for a string without escapes"
            throw ExpressionError(.syntax, "invalid escape; \(hint)", at: start)
        }
        if form.isBytes {
            content.append(UInt8(truncatingIfNeeded: code))
        } else if let scalar = Unicode.Scalar(code) {
            content.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            throw ExpressionError(.syntax, "the escape is not a Unicode scalar value", at: start)
        }
    }

    private mutating func digits(_ count: Int, radix: UInt32) -> UInt32? {
        var number: UInt32 = 0
        for _ in 0..<count {
            guard let octet = peek(), Lexer.isHexadecimal(octet) else { return nil }
            let digit = Lexer.isDigit(octet) ? UInt32(octet) - 0x30 : UInt32(octet | 0x20) - 0x57
            guard digit < radix else { return nil }
            number = number &* radix &+ digit
            place += 1
        }
        return number
    }

    private static func simpleEscape(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "a"): 0x07
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "v"): 0x0B
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: "`"):
            letter
        default: nil
        }
    }

    private func unterminated(at start: Site) -> ExpressionError {
        ExpressionError(.syntax, "the string has no closing quote on its line", at: start)
    }
}
