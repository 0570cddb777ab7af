// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Value: CustomStringConvertible {
    /// The value as a literal or a call the language reads back; doubles round-trip.
    public var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    /// The value as a message shows it: a long text is cut.
    var excerpt: String {
        guard case .string(let string) = self, string.utf8.count > 60 else { return description }
        let cut = string.unicodeScalars.prefix(61)
        guard cut.count > 60 else { return description }
        return Value.string(String(String.UnicodeScalarView(cut.dropLast())) + "…").description
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .int(let number): text += String(number)
        case .uint(let number): text += "\(number)u"
        case .double(let number): text += Value.literal(number)
        case .string(let string): Value.quote(string, to: &text)
        case .bytes(let octets): Value.quote(octets, to: &text)
        case .list(let elements):
            text += "["
            for (place, element) in elements.enumerated() {
                if place > 0 { text += ", " }
                element.write(to: &text)
            }
            text += "]"
        case .map(let map):
            text += "{"
            for place in 0..<map.count {
                if place > 0 { text += ", " }
                map.keys[place].write(to: &text)
                text += ": "
                map.values[place].write(to: &text)
            }
            text += "}"
        case .timestamp(let instant): text += "timestamp(\"\(instant)\")"
        case .duration(let span): text += "duration(\"\(span)\")"
        case .type(let name): text += name
        }
    }

    private static func literal(_ number: Double) -> String {
        if number.isFinite { return number.description }
        if number.isNaN { return "double(\"NaN\")" }
        return number < 0 ? "double(\"-Infinity\")" : "double(\"Infinity\")"
    }

    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += "\\x" + hexadecimal(UInt8(truncatingIfNeeded: scalar.value))
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func quote(_ octets: [UInt8], to text: inout String) {
        text += "b\""
        for octet in octets {
            switch octet {
            case 0x22, 0x5C:
                text += "\\"
                text.unicodeScalars.append(Unicode.Scalar(octet))
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(octet))
            default: text += "\\x" + hexadecimal(octet)
            }
        }
        text += "\""
    }

    private static func hexadecimal(_ octet: UInt8) -> String {
        let digits = String(octet, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
