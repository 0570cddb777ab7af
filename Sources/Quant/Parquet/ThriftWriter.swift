// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Writes the compact form of Thrift.
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []
    private var previous = 0

    /// Writes a whole number as a field of 32 or 64 bits.
    mutating func integer(_ field: Int, _ value: Int, isLong: Bool = false) {
        head(field, isLong ? .int64 : .int32)
        zigzag(value)
    }

    mutating func flag(_ field: Int, _ value: Bool) {
        head(field, value ? .yes : .no)
    }

    mutating func text(_ field: Int, _ value: some Collection<UInt8>) {
        head(field, .binary)
        text(value)
    }

    mutating func structure(_ field: Int, _ body: (inout ThriftWriter) -> Void) {
        head(field, .structure)
        structure(body)
    }

    /// Writes a list of structures.
    mutating func structures<Element>(
        _ field: Int,
        _ elements: [Element],
        _ body: (inout ThriftWriter, Element) -> Void
    ) {
        listHead(field, .structure, elements.count)
        for element in elements { structure { body(&$0, element) } }
    }

    mutating func integers(_ field: Int, _ values: [Int]) {
        listHead(field, .int32, values.count)
        for value in values { zigzag(value) }
    }

    mutating func texts(_ field: Int, _ values: [String]) {
        listHead(field, .binary, values.count)
        for value in values { text(value.utf8) }
    }

    /// Ends the outermost structure.
    mutating func end() {
        bytes.append(0)
    }

    /// Writes a structure that is an element of a list or stands alone.
    private mutating func structure(_ body: (inout ThriftWriter) -> Void) {
        let outer = previous
        previous = 0
        body(&self)
        end()
        previous = outer
    }

    private mutating func head(_ field: Int, _ kind: ThriftReader.Kind) {
        precondition(field > previous && field - previous < 16, "fields are written in order")
        bytes.append(UInt8(field - previous) << 4 | kind.rawValue)
        previous = field
    }

    private mutating func listHead(_ field: Int, _ kind: ThriftReader.Kind, _ count: Int) {
        head(field, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | kind.rawValue)
        } else {
            bytes.append(0xF0 | kind.rawValue)
            varint(UInt64(count))
        }
    }

    private mutating func text(_ value: some Collection<UInt8>) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    private mutating func zigzag(_ value: Int) {
        varint(UInt64(bitPattern: Int64(value << 1) ^ Int64(value >> 63)))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
