// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension TaggedReader {
    /// Reads a string from its opening quote.
    mutating func string() throws(TaggedError) -> String {
        let start = place
        place += 1
        let first = place
        while place < end {
            let octet = octets[place]
            if octet == UInt8(ascii: "\"") {
                let text = try text(octets[first..<place], from: start)
                place += 1
                return text
            }
            if octet == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard octet >= 0x20 else { throw control() }
            place += 1
        }
        throw TaggedError("a string has no closing quote", at: start)
    }

    /// Reads on in a string that has escapes.
    private mutating func escapedString(from start: Int) throws(TaggedError) -> String {
        var content = Array(octets[start + 1..<place])
        while place < end {
            let octet = octets[place]
            switch octet {
            case UInt8(ascii: "\""):
                place += 1
                return try text(content[...], from: start)
            case UInt8(ascii: "\\"): try escape(into: &content)
            case ..<0x20: throw control()
            default:
                content.append(octet)
                place += 1
            }
        }
        throw TaggedError("a string has no closing quote", at: start)
    }

    private func text(_ content: ArraySlice<UInt8>, from start: Int) throws(TaggedError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw TaggedError("a string is not UTF-8", at: start)
        }
        return text
    }

    private func control() -> TaggedError {
        TaggedError("a control character stands in a string", at: place)
    }

    private mutating func escape(into content: inout [UInt8]) throws(TaggedError) {
        let start = place
        guard place + 1 < end else { throw TaggedError("malformed escape", at: start) }
        let letter = octets[place + 1]
        place += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(from: start)
            content.append(contentsOf: String(Character(scalar)).utf8)
        default: throw TaggedError("malformed escape", at: start)
        }
    }

    /// Reads the digits of one escape, or of two that stand for a scalar beyond the first plane.
    private mutating func escapedScalar(from start: Int) throws(TaggedError) -> Unicode.Scalar {
        guard var code = unit() else { throw TaggedError("malformed escape", at: start) }
        if code & 0xFC00 == 0xD800, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")),
            let low = unit(), low & 0xFC00 == 0xDC00
        {
            code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw TaggedError("half a surrogate pair stands alone", at: start)
        }
        return scalar
    }

    private mutating func unit() -> UInt32? {
        guard place + 4 <= end else { return nil }
        var unit: UInt32 = 0
        for octet in octets[place..<place + 4] {
            guard Lexer.isHexadecimal(octet) else { return nil }
            let digit = Lexer.isDigit(octet) ? octet &- 0x30 : (octet | 0x20) &- 0x57
            unit = unit << 4 | UInt32(digit)
        }
        place += 4
        return unit
    }
}
