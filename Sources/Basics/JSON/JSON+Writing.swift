// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// The value on one line, members in their order; the same value gives the same bytes.
    public var compactBytes: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self)
        return writer.bytes
    }

    /// The value on one line as a text.
    public var compactText: String { String(decoding: compactBytes, as: UTF8.self) }

    /// The value over several lines, two spaces a level, ending in a line feed.
    public var prettyBytes: [UInt8] {
        var writer = JSONWriter(indentation: 2)
        writer.write(self)
        writer.bytes.append(0x0A)
        return writer.bytes
    }

    /// The value of ``canonical`` on one line, for hashing.
    public var canonicalBytes: [UInt8] {
        var writer = JSONWriter(indentation: nil, isSorted: true)
        writer.write(self)
        return writer.bytes
    }

    /// The same value with the members of every object sorted by name.
    public var canonical: JSON {
        switch self {
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let members):
            .object(
                members.map { Member($0.name, $0.value.canonical) }.sorted { $0.name < $1.name }
            )
        default: self
        }
    }
}

private struct JSONWriter {
    var bytes: [UInt8] = []
    let indentation: Int?
    /// Whether members are written in the order of their names.
    let isSorted: Bool
    var level = 0

    init(indentation: Int?, isSorted: Bool = false) {
        self.indentation = indentation
        self.isSorted = isSorted
    }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .int(let number): append(String(number))
        case .double(let number):
            precondition(number.isFinite, "JSON numbers are finite; use JSON.number(_:)")
            append(number.description)
        case .string(let text): write(text)
        case .array(let elements):
            write(elements, open: 0x5B, close: 0x5D) { $0.write($1) }
        case .object(let unsorted):
            let members = isSorted ? unsorted.sorted { $0.name < $1.name } : unsorted
            write(members, open: 0x7B, close: 0x7D) { writer, member in
                writer.write(member.name)
                writer.append(writer.indentation == nil ? ":" : ": ")
                writer.write(member.value)
            }
        }
    }

    private mutating func write<Element>(
        _ elements: [Element],
        open: UInt8,
        close: UInt8,
        each: (inout JSONWriter, Element) -> Void
    ) {
        bytes.append(open)
        level += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            breakLine()
            each(&self, element)
        }
        level -= 1
        if !elements.isEmpty { breakLine() }
        bytes.append(close)
    }

    private mutating func breakLine() {
        guard let indentation else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indentation * level))
    }

    private mutating func write(_ text: String) {
        bytes.append(0x22)
        var text = text
        text.withUTF8 { writeEscaped($0) }
        bytes.append(0x22)
    }

    /// Most bytes stand for themselves, and are added in as long pieces as there are.
    private mutating func writeEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var begin = 0
        for (place, byte) in text.enumerated() where Self.isSpecial(byte) {
            bytes.append(contentsOf: text[begin..<place])
            begin = place + 1
            switch byte {
            case 0x22: append("\\\"")
            case 0x5C: append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            default:
                let digits = String(byte, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            }
        }
        bytes.append(contentsOf: text[begin...])
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
