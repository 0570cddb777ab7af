// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads values from JSON, plain or as the tagged objects that ``Value/appendTagged(to:)`` writes.
struct TaggedReader {
    /// The deepest nesting that is read.
    static let deepestNesting = 128

    let octets: [UInt8]
    let end: Int
    var place: Int
    private var depth = 0

    init(_ octets: [UInt8], in range: Range<Int>) {
        self.octets = octets
        place = range.lowerBound
        end = range.upperBound
    }

    /// The next octet, nil at the end.
    var next: UInt8? { place < end ? octets[place] : nil }

    /// Takes an octet if it is the next one.
    mutating func take(_ octet: UInt8) -> Bool {
        guard place < end, octets[place] == octet else { return false }
        place += 1
        return true
    }

    mutating func skipBlanks() {
        while place < end {
            switch octets[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return
            }
        }
    }

    /// Reads one value.
    mutating func value() throws(TaggedError) -> Value {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return .list(try list())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(0x30...0x39): return try number()
        case nil: throw TaggedError("the text ends where a value should be", at: place)
        default: throw TaggedError("expected a value", at: place)
        }
    }

    /// Reads an object and hands each name to the body, which reads the value.
    mutating func members(
        _ body: (inout TaggedReader, _ name: String, _ place: Int) throws(TaggedError) -> Void
    ) throws(TaggedError) {
        skipBlanks()
        guard take(UInt8(ascii: "{")) else { throw TaggedError("expected an object", at: place) }
        try descend()
        defer { depth -= 1 }
        skipBlanks()
        if take(UInt8(ascii: "}")) { return }
        while true {
            skipBlanks()
            let start = place
            guard next == UInt8(ascii: "\"") else {
                throw TaggedError("expected a name in double quotes", at: place)
            }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw TaggedError("expected ':'", at: place) }
            try body(&self, name, start)
            skipBlanks()
            if take(UInt8(ascii: "}")) { return }
            guard take(UInt8(ascii: ",")) else {
                throw TaggedError("expected ',' or '}'", at: place)
            }
        }
    }

    private mutating func object() throws(TaggedError) -> Value {
        var map = ValueMap()
        var opening: UInt8?
        try members { reader, name, start throws(TaggedError) in
            reader.skipBlanks()
            opening = reader.next
            let value = try reader.value()
            guard map.insert(value, forKey: .string(name)) else {
                throw TaggedError("the name '\(name)' is given twice", at: start)
            }
        }
        guard map.count == 1, let name = map.keys[0].asString, let opening,
            let value = ValueTag(rawValue: name)?.value(of: map.values[0], opening: opening)
        else { return .map(map) }
        return value
    }

    private mutating func list() throws(TaggedError) -> [Value] {
        place += 1
        try descend()
        defer { depth -= 1 }
        var elements: [Value] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return [] }
        while true {
            elements.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else {
                throw TaggedError("expected ',' or ']'", at: place)
            }
        }
    }

    private mutating func descend() throws(TaggedError) {
        depth += 1
        guard depth <= TaggedReader.deepestNesting else {
            let message = "nested deeper than \(TaggedReader.deepestNesting) levels"
            throw TaggedError(message, at: place)
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(TaggedError) -> Value {
        let matches = word.withUTF8Buffer { letters in
            place + letters.count <= end
                && octets[place..<place + letters.count]
                    .elementsEqual(letters)
        }
        guard matches else { throw TaggedError("expected a value", at: place) }
        place += word.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(TaggedError) -> Value {
        let start = place
        let isNegative = take(UInt8(ascii: "-"))
        let first = place
        skipDigits()
        guard place > first, place == first + 1 || octets[first] != UInt8(ascii: "0") else {
            throw TaggedError("malformed number", at: start)
        }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try requireDigits(from: start)
        }
        if let mark = next, mark | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            place += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try requireDigits(from: start)
        }
        if isWhole, let number = small(first..<place) {
            return .int(isNegative ? -number : number)
        }
        let text = String(decoding: octets[start..<place], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .int(number) }
        guard let number = Double(text), number.isFinite else {
            throw TaggedError("the number \(text.prefix(40)) is out of range", at: start)
        }
        return .double(number)
    }

    /// The number of up to eighteen digits, which surely fits; nil for more.
    private func small(_ digits: Range<Int>) -> Int64? {
        guard digits.count <= 18 else { return nil }
        var number: Int64 = 0
        for octet in octets[digits] { number = number &* 10 &+ Int64(octet &- 0x30) }
        return number
    }

    private mutating func requireDigits(from start: Int) throws(TaggedError) {
        let first = place
        skipDigits()
        guard place > first else { throw TaggedError("malformed number", at: start) }
    }

    private mutating func skipDigits() {
        while place < end, Lexer.isDigit(octets[place]) { place += 1 }
    }
}
