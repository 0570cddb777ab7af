// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Decodes the values of one column in one row group.
struct ParquetColumnReader<Value> {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    let file: Bytes
    let column: ParquetFooter.Column
    let chunk: ParquetFooter.Chunk
    let codecs: ParquetCodecs
    let converter: ParquetConverter<Value>
    /// Names the column and the row group in errors.
    let place: String

    /// Fills the room, a place for each row.
    func read(into room: UnsafeMutableBufferPointer<Value>) throws(QuantError) {
        var rest = try chunk.bytes(of: file, rows: room.count, place: place)
        var dictionary: [Value]?
        var written = 0
        while written < room.count {
            guard !rest.isEmpty else {
                throw .parquet("\(place) has \(written) of its \(room.count) values")
            }
            let page = try ParquetPage(rest, place: place)
            let end = page.headBytes + Int(page.storedBytes)
            let stored = Bytes(rebasing: rest[page.headBytes..<end])
            rest = Bytes(rebasing: rest[end...])
            switch page.kind {
            case .dictionary:
                guard dictionary == nil else { throw .parquet("\(place) has two dictionaries") }
                dictionary = try readDictionary(page, stored)
            case .data, .dataV2:
                guard page.values >= 0, page.values <= room.count - written else {
                    throw .parquet("a page of \(place) has \(page.values) values, too many")
                }
                let next = written + Int(page.values)
                let part = UnsafeMutableBufferPointer(rebasing: room[written..<next])
                try readPage(page, stored, dictionary, into: part)
                written = next
            case .index: continue
            case nil: throw .parquet("a page of \(place) is of an unknown kind")
            }
        }
    }

    private func readDictionary(
        _ page: ParquetPage,
        _ stored: Bytes
    ) throws(QuantError) -> [Value] {
        try withContent(page, stored, skipping: 0) { (content: Bytes) throws(QuantError) in
            // Even an empty text has its length before it.
            guard page.values >= 0,
                page.values <= content.count / (converter.width == 0 ? 4 : converter.width)
            else {
                throw .parquet("the dictionary of \(place) is cut short")
            }
            let count = Int(page.values)
            let values = UnsafeMutableBufferPointer<Value>.allocate(capacity: count)
            defer { values.deallocate() }
            values.initialize(repeating: converter.missing)
            try readPlain(content, into: values)
            return Array(values)
        }
    }

    private func readPage(
        _ page: ParquetPage,
        _ stored: Bytes,
        _ dictionary: [Value]?,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        guard page.kind == .dataV2 else {
            try withContent(page, stored, skipping: 0) { (content: Bytes) throws(QuantError) in
                guard column.isOptional else {
                    return try readValues(page, content, dictionary, into: room)
                }
                guard page.levelEncoding == ParquetFormat.Encoding.runLength.rawValue,
                    content.count >= 4
                else { throw .parquet("a page of \(place) has levels that cannot be read") }
                let raw = UnsafeRawBufferPointer(content)
                let length = Int(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
                guard length <= content.count - 4 else {
                    throw .parquet("a page of \(place) has levels longer than itself")
                }
                let levels = Bytes(rebasing: content[4..<(4 + length)])
                let values = Bytes(rebasing: content[(4 + length)...])
                try readOptional(page, levels, values, dictionary, into: room)
            }
            return
        }
        let levelBytes = page.definitionBytes
        guard page.repetitionBytes == 0, levelBytes >= 0, levelBytes <= stored.count,
            levelBytes <= page.fullBytes
        else { throw .parquet("a page of \(place) has levels longer than itself") }
        let levels = Bytes(rebasing: stored[..<Int(levelBytes)])
        try withContent(page, stored, skipping: Int(levelBytes)) {
            (content: Bytes) throws(QuantError) in
            guard column.isOptional else {
                return try readValues(page, content, dictionary, into: room)
            }
            try readOptional(page, levels, content, dictionary, into: room)
        }
    }
}
