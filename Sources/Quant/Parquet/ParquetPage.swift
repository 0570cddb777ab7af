// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The head of one page: what follows it and how it is written.
struct ParquetPage {
    var kind: ParquetFormat.Page?
    var fullBytes: Int64 = -1
    var storedBytes: Int64 = -1
    var checksum: Int64?
    var values: Int64 = -1
    var encoding = -1
    var levelEncoding = ParquetFormat.Encoding.runLength.rawValue
    var definitionBytes: Int64 = 0
    var repetitionBytes: Int64 = 0
    var isCompressed = true
    /// The bytes that the head itself takes.
    private(set) var headBytes = 0

    /// The most bytes that a page may have, so that a damaged length asks for no absurd memory.
    static let limitBytes: Int64 = 1 << 30

    /// Reads the head at the beginning of some bytes.
    init(_ bytes: UnsafeBufferPointer<UInt8>, place: String) throws(QuantError) {
        var reader = ThriftReader(bytes, place: "the page head of \(place)")
        var page = self
        try reader.fields { (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
            switch (field, kind) {
            case (1, .int32): page.kind = ParquetFormat.Page(rawValue: Int(try reader.integer()))
            case (2, .int32): page.fullBytes = try reader.integer()
            case (3, .int32): page.storedBytes = try reader.integer()
            case (4, .int32): page.checksum = try reader.integer()
            case (5, .structure): try page.readData(&reader, levels: 3)
            case (7, .structure): try page.readData(&reader, levels: -1)
            case (8, .structure): try page.readSecondData(&reader)
            default: return false
            }
            return true
        }
        self = page
        headBytes = reader.position
        guard storedBytes >= 0, storedBytes <= bytes.count - headBytes else {
            throw .parquet("a page of \(place) is longer than what is left of its column")
        }
        guard fullBytes >= 0, fullBytes <= Self.limitBytes else {
            throw .parquet("a page of \(place) would have \(fullBytes) bytes", .tooLarge)
        }
    }

    private mutating func readData(
        _ reader: inout ThriftReader,
        levels: Int
    ) throws(QuantError) {
        var page = self
        try reader.fields { (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
            guard kind == .int32 else { return false }
            switch field {
            case 1: page.values = try reader.integer()
            case 2: page.encoding = Int(try reader.integer())
            case levels: page.levelEncoding = Int(try reader.integer())
            default: return false
            }
            return true
        }
        self = page
    }

    private mutating func readSecondData(_ reader: inout ThriftReader) throws(QuantError) {
        var page = self
        try reader.fields { (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
            switch (field, kind) {
            case (1, .int32): page.values = try reader.integer()
            case (4, .int32): page.encoding = Int(try reader.integer())
            case (5, .int32): page.definitionBytes = try reader.integer()
            case (6, .int32): page.repetitionBytes = try reader.integer()
            case (7, .no): page.isCompressed = false
            default: return false
            }
            return true
        }
        self = page
    }
}
