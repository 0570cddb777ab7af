// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Value {
    /// Appends the value in JSON as an object whose only name tells the type.
    ///
    /// `int` and `uint` are strings of digits; `double` is a number, or the string `NaN`,
    /// `Infinity` or `-Infinity`; `bytes` is base64; `map` is a list of pairs; `timestamp` is RFC
    /// 3339 in UTC; `duration` is seconds such as `3.5s`. The value comes back equal and of the
    /// same type from ``Bindings/init(json:)``.
    public func appendTagged(to output: inout [UInt8]) {
        switch self {
        case .null: output += #"{"null":null}"#.utf8
        case .bool(let flag): output += flag ? #"{"bool":true}"#.utf8 : #"{"bool":false}"#.utf8
        case .int(let number): Value.append("int", quoted: String(number), to: &output)
        case .uint(let number): Value.append("uint", quoted: String(number), to: &output)
        case .double(let number): Value.append(number, to: &output)
        case .string(let text):
            output += #"{"string":"#.utf8
            Value.appendJSON(text, to: &output)
            output.append(UInt8(ascii: "}"))
        case .bytes(let octets):
            output += #"{"bytes":""#.utf8
            Base64.append(octets, to: &output)
            output += #""}"#.utf8
        case .list(let elements):
            output += #"{"list":["#.utf8
            for place in elements.indices {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                elements[place].appendTagged(to: &output)
            }
            output += "]}".utf8
        case .map(let map):
            output += #"{"map":["#.utf8
            for place in 0..<map.count {
                output += place > 0 ? ",[".utf8 : "[".utf8
                map.keys[place].appendTagged(to: &output)
                output.append(UInt8(ascii: ","))
                map.values[place].appendTagged(to: &output)
                output.append(UInt8(ascii: "]"))
            }
            output += "]}".utf8
        case .timestamp(let instant):
            Value.append("timestamp", quoted: instant.description, to: &output)
        case .duration(let span): Value.append("duration", quoted: span.description, to: &output)
        case .type(let name): Value.append("type", quoted: name, to: &output)
        }
    }

    /// Appends a text as a JSON string.
    static func appendJSON(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(octet)
            case 0x0A: output += #"\n"#.utf8
            case 0x0D: output += #"\r"#.utf8
            case 0x09: output += #"\t"#.utf8
            case ..<0x20, 0x7F:
                let digits = String(octet, radix: 16)
                output += digits.utf8.count == 1 ? #"\u000"#.utf8 : #"\u00"#.utf8
                output += digits.utf8
            default: output.append(octet)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func append(
        _ tag: StaticString,
        quoted text: String,
        to output: inout [UInt8]
    ) {
        output += #"{""#.utf8
        tag.withUTF8Buffer { output.append(contentsOf: $0) }
        output += #"":""#.utf8
        output += text.utf8
        output += #""}"#.utf8
    }

    private static func append(_ number: Double, to output: inout [UInt8]) {
        guard number.isNaN || number.isInfinite else {
            output += #"{"double":"#.utf8
            output += number.description.utf8
            output.append(UInt8(ascii: "}"))
            return
        }
        let name = number.isNaN ? "NaN" : (number < 0 ? "-Infinity" : "Infinity")
        append("double", quoted: name, to: &output)
    }

    /// Whether a text is the name of a type, as `type(x)` gives it.
    static func isTypeName(_ name: String) -> Bool {
        Node.typeNames.contains(name) || name == "google.protobuf.Timestamp"
            || name == "google.protobuf.Duration"
    }
}
