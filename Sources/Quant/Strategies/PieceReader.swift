// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Cuts the text of an expression into words, numbers, quoted texts and signs.
struct PieceReader {
    enum Kind {
        case word
        case number
        case text
        case sign
    }

    private static let pairs = ["==", "!=", "<=", ">=", "&&", "||"]

    private let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next piece; spaces and comments are passed over.
    mutating func next() -> (kind: Kind, text: String)? {
        skipSpace()
        guard position < bytes.count else { return nil }
        let start = position
        let kind = advance()
        return (kind, String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func advance() -> Kind {
        let byte = bytes[position]
        if Self.isQuote(byte) {
            skipText(isRaw: false)
            return .text
        }
        if Self.isDigit(byte) || (byte == 0x2E && peek(1).map(Self.isDigit) == true) {
            skipNumber()
            return .number
        }
        if Self.isLetter(byte) {
            let start = position
            while let next = peek(0), Self.isLetter(next) || Self.isDigit(next) { position += 1 }
            let prefix = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
            guard ["r", "b", "rb", "br"].contains(prefix), let quote = peek(0),
                Self.isQuote(quote)
            else { return .word }
            skipText(isRaw: prefix.contains("r"))
            return .text
        }
        let pair = peek(1).map { String(decoding: [byte, $0], as: UTF8.self) }
        position += pair.map(Self.pairs.contains) == true ? 2 : 1
        return .sign
    }

    private mutating func skipSpace() {
        while let byte = peek(0) {
            if byte == 0x2F, peek(1) == 0x2F {
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func skipNumber() {
        let isHexadecimal = bytes[position] == 0x30 && peek(1).map { $0 | 0x20 == 0x78 } == true
        var last: UInt8 = 0
        while let byte = peek(0) {
            let isExponentSign =
                !isHexadecimal && last | 0x20 == 0x65 && (byte == 0x2B || byte == 0x2D)
            guard Self.isDigit(byte) || Self.isLetter(byte) || byte == 0x2E || isExponentSign
            else { return }
            last = byte
            position += 1
        }
    }

    private mutating func skipText(isRaw: Bool) {
        let quote = bytes[position]
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1
        while let byte = peek(0) {
            if byte == 0x5C, !isRaw {
                position = min(position + 2, bytes.count)
            } else if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                position += isTriple ? 3 : 1
                return
            } else {
                position += 1
            }
        }
    }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
            || byte >= 0x80
    }
}
