// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ParquetColumnReader {
    /// Calls the body with the content of a page, decompressed where needed; what is skipped lies
    /// in front of it and is never compressed.
    func withContent<Result>(
        _ page: ParquetPage,
        _ stored: Bytes,
        skipping skipped: Int,
        _ body: (Bytes) throws(QuantError) -> Result
    ) throws(QuantError) -> Result {
        let input = Bytes(rebasing: stored[skipped...])
        let count = Int(page.fullBytes) - skipped
        let isPlain = chunk.codec == ParquetFormat.Codec.uncompressed.rawValue
        guard !isPlain, page.isCompressed, count > 0 else {
            guard input.count == max(0, count) else {
                throw .parquet("a page of \(place) has \(input.count) bytes and not \(count)")
            }
            return try body(input)
        }
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        defer { room.deallocate() }
        try codecs.decompress(input, codec: chunk.codec, into: room, place: place)
        return try body(Bytes(room))
    }

    /// Reads values of which some may be missing, as their levels say.
    func readOptional(
        _ page: ParquetPage,
        _ levels: Bytes,
        _ content: Bytes,
        _ dictionary: [Value]?,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        let marks = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: room.count)
        defer { marks.deallocate() }
        guard RunLengths.decode(levels, bitWidth: 1, into: marks) else {
            throw .parquet("the levels of a page of \(place) are malformed")
        }
        let present = marks.reduce(into: 0) { $0 += Int($1 & 1) }
        let head = UnsafeMutableBufferPointer(rebasing: room[..<present])
        try readValues(page, content, dictionary, into: head)
        guard present < room.count else { return }
        // The values lie at the front and move back to their rows, the last one first.
        var source = present
        for row in room.indices.reversed() {
            if marks[row] & 1 == 1 {
                source -= 1
                room[row] = room[source]
            } else {
                room[row] = converter.missing
            }
        }
    }

    /// Reads values of which none is missing.
    func readValues(
        _ page: ParquetPage,
        _ content: Bytes,
        _ dictionary: [Value]?,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        guard !room.isEmpty else { return }
        switch ParquetFormat.Encoding(rawValue: page.encoding) {
        case .plain: try readPlain(content, into: room)
        case .plainDictionary, .runLengthDictionary:
            try readIndexes(content, dictionary, into: room)
        case .deltaBinaryPacked: try readDifferences(content, into: room)
        case .deltaLengthByteArray: try readTexts(content, into: room)
        case .deltaByteArray: try readEndings(content, into: room)
        case .byteStreamSplit: try readStreams(content, into: room)
        case let encoding?:
            throw .parquet("\(place) is encoded as \(encoding.name)", .unsupported)
        case nil: throw .parquet("\(place) has an unknown encoding, \(page.encoding)")
        }
    }

    func readPlain(
        _ content: Bytes,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        let raw = UnsafeRawBufferPointer(content)
        let width = converter.width
        if width > 0 {
            guard room.count <= raw.count / width else { throw cut() }
            for index in room.indices {
                let start = index * width
                room[index] = converter.convert(
                    UnsafeRawBufferPointer(rebasing: raw[start..<(start + width)])
                )
            }
            return
        }
        var position = 0
        for index in room.indices {
            guard raw.count - position >= 4 else { throw cut() }
            let length = Int(
                UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            )
            position += 4
            guard length <= raw.count - position else { throw cut() }
            let end = position + length
            room[index] = converter.convert(UnsafeRawBufferPointer(rebasing: raw[position..<end]))
            position = end
        }
    }

    private func readIndexes(
        _ content: Bytes,
        _ dictionary: [Value]?,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        guard let dictionary else { throw .parquet("\(place) has no dictionary") }
        guard let bitWidth = content.first else { throw cut() }
        let indexes = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: room.count)
        defer { indexes.deallocate() }
        let rest = Bytes(rebasing: content[1...])
        guard RunLengths.decode(rest, bitWidth: Int(bitWidth), into: indexes) else { throw cut() }
        for index in room.indices {
            let entry = Int(indexes[index])
            guard entry < dictionary.count else {
                throw .parquet("\(place) names an entry that its dictionary has not")
            }
            room[index] = dictionary[entry]
        }
    }

    private func readDifferences(
        _ content: Bytes,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        guard let convert = converter.convertInteger else { throw misfit("whole numbers") }
        let numbers = UnsafeMutableBufferPointer<Int64>.allocate(capacity: room.count)
        defer { numbers.deallocate() }
        guard RunLengths.differences(content, into: numbers) != nil else { throw cut() }
        // Differences of 32-bit numbers wrap around within 32 bits.
        let isNarrow = converter.width == 4
        for index in room.indices {
            let number = numbers[index]
            room[index] = convert(isNarrow ? Int64(Int32(truncatingIfNeeded: number)) : number)
        }
    }

    private func readTexts(
        _ content: Bytes,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        guard converter.width == 0 else { throw misfit("texts") }
        let lengths = UnsafeMutableBufferPointer<Int64>.allocate(capacity: room.count)
        defer { lengths.deallocate() }
        guard var position = RunLengths.differences(content, into: lengths) else { throw cut() }
        let raw = UnsafeRawBufferPointer(content)
        for index in room.indices {
            guard lengths[index] >= 0, lengths[index] <= raw.count - position else { throw cut() }
            let end = position + Int(lengths[index])
            room[index] = converter.convert(UnsafeRawBufferPointer(rebasing: raw[position..<end]))
            position = end
        }
    }

    /// Reads values whose first bytes lie together, then their second ones, and so on.
    private func readStreams(
        _ content: Bytes,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        let width = converter.width
        guard width > 0 else { throw misfit("numbers") }
        // A page's own count of values sets the distance, and all of them may not be present.
        guard content.count % width == 0, room.count <= content.count / width else { throw cut() }
        let distance = content.count / width
        let value = UnsafeMutableRawBufferPointer.allocate(byteCount: width, alignment: 8)
        defer { value.deallocate() }
        for index in room.indices {
            for byte in 0..<width { value[byte] = content[byte * distance + index] }
            room[index] = converter.convert(UnsafeRawBufferPointer(value))
        }
    }

    func cut() -> QuantError {
        .parquet("a page of \(place) is cut short or damaged")
    }

    func misfit(_ what: String) -> QuantError {
        .parquet("\(place) is encoded as \(what), which its values are not")
    }
}
