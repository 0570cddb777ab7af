// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads the compact form of Thrift, in which a Parquet file describes itself.
///
/// Every length is checked against the bytes that are there, and nesting is limited.
struct ThriftReader {
    /// The kinds of value, by their numbers in the format.
    enum Kind: UInt8 {
        case yes = 1
        case no, byte, int16, int32, int64, double, binary, list, set, map, structure
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let place: String
    /// The number of bytes read so far.
    private(set) var position = 0
    private var depth = 0

    private static let deepest = 16

    /// Prepares to read; `place` names the part of the file in errors.
    init(_ bytes: UnsafeBufferPointer<UInt8>, place: String) {
        self.bytes = bytes
        self.place = place
    }

    /// Reads a structure: the body is called for each field and tells whether it read the value;
    /// other values are passed over.
    mutating func fields(
        _ body: (inout ThriftReader, Int, Kind) throws(QuantError) -> Bool
    ) throws(QuantError) {
        guard depth < Self.deepest else { throw error("it is nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        var number = 0
        while true {
            let head = try byte()
            if head == 0 { return }
            guard let kind = Kind(rawValue: head & 15) else { throw error("a field has no kind") }
            number = head >> 4 == 0 ? Int(try integer()) : number + Int(head >> 4)
            guard (0..<1 << 15).contains(number) else { throw error("a field has no number") }
            if try !body(&self, number, kind) { try pass(kind) }
        }
    }

    /// Reads a list, the body reading one element at a time.
    mutating func list(
        _ body: (inout ThriftReader) throws(QuantError) -> Void
    ) throws(QuantError) {
        let (count, _) = try listHead()
        for _ in 0..<count { try body(&self) }
    }

    /// Reads a whole number of any width.
    mutating func integer() throws(QuantError) -> Int64 {
        let raw = try varint()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    /// Reads some bytes as text.
    mutating func text() throws(QuantError) -> String {
        let length = try varint()
        guard length <= UInt64(bytes.count - position) else { throw error("a text has no end") }
        defer { position += Int(length) }
        let part = bytes[position..<(position + Int(length))]
        return String(decoding: part, as: UTF8.self)
    }

    private mutating func byte() throws(QuantError) -> UInt8 {
        guard position < bytes.count else { throw error("it is cut short") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func varint() throws(QuantError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<10 {
            let next = try byte()
            value |= UInt64(next & 0x7F) << UInt64(7 * index)
            if next < 0x80 { return value }
        }
        throw error("a number has no end")
    }

    private mutating func listHead() throws(QuantError) -> (count: Int, kind: Kind) {
        let head = try byte()
        let count = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
        // Some writers give an empty list no kind.
        if count == 0 { return (0, .byte) }
        // Each element has a byte at least.
        guard let kind = Kind(rawValue: head & 15), count <= UInt64(bytes.count - position) else {
            throw error("a list is longer than the file")
        }
        return (Int(count), kind)
    }

    private mutating func pass(_ kind: Kind) throws(QuantError) {
        switch kind {
        case .yes, .no: break
        case .byte: _ = try byte()
        case .int16, .int32, .int64: _ = try varint()
        case .double:
            guard bytes.count - position >= 8 else { throw error("it is cut short") }
            position += 8
        case .binary: _ = try text()
        case .list, .set:
            let (count, element) = try listHead()
            // True and false have a byte of their own in a list.
            for _ in 0..<count { try pass(element == .yes || element == .no ? .byte : element) }
        case .map: throw error("it has a map")
        case .structure:
            try fields { (_: inout ThriftReader, _, _) throws(QuantError) -> Bool in false }
        }
    }

    private func error(_ reason: String) -> QuantError {
        .parquet("\(place) is malformed at its byte \(position): \(reason)")
    }
}

extension QuantError {
    /// A Parquet file that is not as it should be.
    static func parquet(_ reason: String, _ code: Code = .badFile) -> QuantError {
        QuantError(code, operation: "read parquet", reason: reason)
    }
}
