// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// The deepest nesting that is read.
    public static let deepestNesting = 64

    /// Reads one JSON value and nothing behind it.
    ///
    /// Stricter than RFC 8259 where that protects the reader: a name given twice, a number out of
    /// range, a lone surrogate and nesting beyond ``deepestNesting`` are errors.
    /// - Parameters:
    ///   - bytes: The text, in UTF-8 without a byte order mark.
    ///   - valueLimit: The most values, those inside others included, that are read; a few bytes of
    ///     text make a value that takes many in memory.
    /// - Throws: A ``JSONError`` with line and column.
    public init(
        parsing bytes: some Collection<UInt8>,
        valueLimit: Int = .max
    ) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), valuesLeft: valueLimit)
        self = try parser.parseDocument()
    }

    /// Reads one JSON value from a text.
    /// - Throws: A ``JSONError`` with line and column.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: text.utf8)
    }
}

struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0
    /// How many values may still come.
    private var valuesLeft: Int

    init(bytes: [UInt8], valuesLeft: Int) {
        self.bytes = bytes
        self.valuesLeft = valuesLeft
    }

    mutating func parseDocument() throws(JSONError) -> JSON {
        skipBlanks()
        let value = try parseValue()
        skipBlanks()
        guard position == bytes.count else { throw failure("unexpected text after the value") }
        return value
    }

    /// An error at the current place, or at an earlier one where that tells more.
    func failure(_ message: String, at place: Int? = nil) -> JSONError {
        let position = min(place ?? self.position, bytes.count)
        let read = bytes[..<position]
        let line = read.count { $0 == 0x0A } + 1
        let start = read.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONError(message, line: line, column: position - start + 1)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func parseValue() throws(JSONError) -> JSON {
        guard valuesLeft > 0 else { throw failure("more values than are allowed") }
        valuesLeft -= 1
        switch next {
        case 0x7B: return try nested { parser throws(JSONError) in try parser.parseObject() }
        case 0x5B: return try nested { parser throws(JSONError) in try parser.parseArray() }
        case 0x22: return .string(try parseString())
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        case .some(0x2D), .some(0x30...0x39): return try parseNumber()
        case nil: throw failure("the text ends where a value should be")
        default: throw failure("expected a value")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSON
    ) throws(JSONError) -> JSON {
        depth += 1
        guard depth <= JSON.deepestNesting else {
            throw failure("nested deeper than \(JSON.deepestNesting) levels")
        }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func literal(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("expected a value") }
        position += word.utf8.count
        return value
    }

    private mutating func parseArray() throws(JSONError) -> JSON {
        var elements: [JSON] = []
        skipBlanks()
        if take(0x5D) { return .array([]) }
        while true {
            skipBlanks()
            elements.append(try parseValue())
            skipBlanks()
            if take(0x5D) { return .array(elements) }
            guard take(0x2C) else { throw failure("expected ',' or ']'") }
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSON {
        var members: [JSON.Member] = []
        var names = UniqueNames()
        skipBlanks()
        if take(0x7D) { return .object([]) }
        while true {
            skipBlanks()
            guard next == 0x22 else { throw failure("expected a name in double quotes") }
            let start = position
            let name = try parseString()
            guard names.insert(name, among: members) else {
                throw failure("the name '\(name)' is given twice", at: start)
            }
            skipBlanks()
            guard take(0x3A) else { throw failure("expected ':'") }
            skipBlanks()
            members.append(JSON.Member(name, try parseValue()))
            skipBlanks()
            if take(0x7D) { return .object(members) }
            guard take(0x2C) else { throw failure("expected ',' or '}'") }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func parseNumber() throws(JSONError) -> JSON {
        let start = position
        _ = take(0x2D)
        let whole = takeDigits()
        guard whole > 0 else { throw failure("expected a digit") }
        if whole > 1, bytes[position - whole] == 0x30 {
            throw failure("a number must not begin with 0", at: position - whole)
        }
        var isWhole = true
        if take(0x2E) {
            isWhole = false
            guard takeDigits() > 0 else { throw failure("expected a digit after the point") }
        }
        if next == 0x65 || next == 0x45 {
            isWhole = false
            position += 1
            if !take(0x2B) { _ = take(0x2D) }
            guard takeDigits() > 0 else { throw failure("expected a digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else {
            throw failure("the number \(text.prefix(40)) is out of range", at: start)
        }
        return .double(value)
    }

    private mutating func takeDigits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }
}

/// Finds names that are given twice: among few by looking at each, among many in a set, so that a
/// text cannot make it slow.
private struct UniqueNames {
    private var names: Set<String> = []

    private static let few = 12

    /// Whether a name is new behind the members that stand there already.
    mutating func insert(_ name: String, among members: [JSON.Member]) -> Bool {
        guard members.count >= Self.few else { return !members.contains { $0.name == name } }
        if names.isEmpty { names = Set(members.map(\.name)) }
        return names.insert(name).inserted
    }
}
