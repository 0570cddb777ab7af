// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Lexer {
    /// Reads an int, uint or double literal without its sign.
    mutating func number(at start: Site) throws(ExpressionError) -> Token {
        let first = place
        if peek() == UInt8(ascii: "0"), peek(1) == UInt8(ascii: "x") {
            place += 2
            let digits = place
            while let octet = peek(), Lexer.isHexadecimal(octet) { place += 1 }
            return try integer(octets[digits..<place], radix: 16, at: start)
        }
        skipDigits()
        var isDouble = false
        if peek() == UInt8(ascii: "."), let after = peek(1), Lexer.isDigit(after) {
            isDouble = true
            place += 1
            skipDigits()
        }
        if let mark = peek(), mark | 0x20 == UInt8(ascii: "e") {
            isDouble = true
            place += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { place += 1 }
            guard let octet = peek(), Lexer.isDigit(octet) else {
                throw ExpressionError(.syntax, "the exponent has no digits", at: start)
            }
            skipDigits()
        }
        guard isDouble else { return try integer(octets[first..<place], radix: 10, at: start) }
        let text = String(decoding: octets[first..<place], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            throw ExpressionError(.syntax, "the number \(text) is too large", at: start)
        }
        try requireEndOfNumber(at: start)
        return .double(number)
    }

    private mutating func integer(
        _ digits: ArraySlice<UInt8>,
        radix: Int,
        at start: Site
    ) throws(ExpressionError) -> Token {
        let text = String(decoding: digits, as: UTF8.self)
        guard !digits.isEmpty else {
            throw ExpressionError(.syntax, "'0x' has no digits", at: start)
        }
        guard let number = UInt64(text, radix: radix) else {
            throw ExpressionError(.syntax, "the integer \(text) does not fit 64 bits", at: start)
        }
        let isUnsigned = peek().map { $0 | 0x20 } == UInt8(ascii: "u")
        if isUnsigned { place += 1 }
        try requireEndOfNumber(at: start)
        return isUnsigned ? .uint(number) : .int(number)
    }

    private mutating func skipDigits() {
        while let octet = peek(), Lexer.isDigit(octet) { place += 1 }
    }

    private func requireEndOfNumber(at start: Site) throws(ExpressionError) {
        guard let octet = peek(), Lexer.isNamePart(octet) else { return }
        throw ExpressionError(.syntax, "a number runs into a name; put a space between", at: start)
    }

    static func isHexadecimal(_ octet: UInt8) -> Bool {
        isDigit(octet) || (octet | 0x20 >= 0x61 && octet | 0x20 <= 0x66)
    }
}
