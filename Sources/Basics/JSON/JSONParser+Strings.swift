// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    mutating func parseString() throws(JSONError) -> String {
        let start = position
        position += 1
        // Most texts have nothing in them that is escaped, and need no copy of their bytes.
        let plain = takePlain()
        if next == 0x22 { return try finish(bytes[plain], from: start) }
        var text = Array(bytes[plain])
        while let byte = next, byte != 0x22 {
            guard byte == 0x5C else { throw failure("a control character must be escaped") }
            try parseEscape(into: &text)
            text.append(contentsOf: bytes[takePlain()])
        }
        guard next == 0x22 else { throw failure("the text is not closed", at: start) }
        return try finish(text[...], from: start)
    }

    /// Passes over what stands for itself.
    private mutating func takePlain() -> Range<Int> {
        let start = position
        while let byte = next, byte >= 0x20, byte != 0x22, byte != 0x5C { position += 1 }
        return start..<position
    }

    /// Passes over the closing quote.
    private mutating func finish(
        _ text: ArraySlice<UInt8>,
        from start: Int
    ) throws(JSONError) -> String {
        position += 1
        // Of ASCII every text is valid, and to be told so takes longer than to see it.
        if text.allSatisfy({ $0 < 0x80 }) { return String(decoding: text, as: UTF8.self) }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw failure("the text is not UTF-8", at: start)
        }
        return string
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
        guard position + 1 < bytes.count else { throw failure("the escape is not complete") }
        let byte: UInt8
        switch bytes[position + 1] {
        case 0x22, 0x5C, 0x2F: byte = bytes[position + 1]
        case 0x62: byte = 0x08
        case 0x66: byte = 0x0C
        case 0x6E: byte = 0x0A
        case 0x72: byte = 0x0D
        case 0x74: byte = 0x09
        case 0x75: return try parseUnicodeEscape(into: &text)
        default: throw failure("unknown escape")
        }
        text.append(byte)
        position += 2
    }

    private mutating func parseUnicodeEscape(into text: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 2
        var code = try parseCodeUnit()
        if (0xD800..<0xDC00).contains(code) {
            guard bytes[position...].starts(with: [0x5C, 0x75]) else {
                throw failure("half a surrogate pair", at: start)
            }
            position += 2
            let low = try parseCodeUnit()
            guard (0xDC00..<0xE000).contains(low) else {
                throw failure("half a surrogate pair", at: start)
            }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw failure("half a surrogate pair", at: start)
        }
        text.append(contentsOf: scalar.utf8)
    }

    private mutating func parseCodeUnit() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let digits = String(validating: bytes[position..<position + 4], as: UTF8.self),
            digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16)
        else { throw failure("expected four hexadecimal digits") }
        position += 4
        return code
    }
}
