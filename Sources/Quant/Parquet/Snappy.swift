// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Decompresses the Snappy format: literals, and copies of what was written before.
enum Snappy {
    /// Fills the room and returns the number of bytes written; nil when the input is damaged or
    /// does not say that length.
    static func decompress(
        _ input: UnsafeBufferPointer<UInt8>,
        into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        var position = 0
        guard let length = length(input, &position), length == room.count else { return nil }
        var written = 0
        while position < input.count {
            let tag = Int(input[position])
            position += 1
            if tag & 3 == 0 {
                guard let count = literal(tag >> 2, input, &position),
                    count <= input.count - position, count <= room.count - written
                else { return nil }
                copy(input, position, room, written, count)
                position += count
                written += count
            } else {
                guard let (count, offset) = reference(tag, input, &position), offset > 0,
                    offset <= written, count <= room.count - written
                else { return nil }
                repeatBytes(room, written, count, offset)
                written += count
            }
        }
        return written == room.count ? written : nil
    }

    private static func length(_ input: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Int? {
        var value = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            guard position < input.count else { return nil }
            let byte = Int(input[position])
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// The length of a literal; from 60 on it follows in one to four bytes.
    private static func literal(
        _ code: Int,
        _ input: UnsafeBufferPointer<UInt8>,
        _ position: inout Int
    ) -> Int? {
        guard code >= 60 else { return code + 1 }
        return number(code - 59, input, &position).map { $0 + 1 }
    }

    /// The length and distance of a copy, in one of three forms.
    private static func reference(
        _ tag: Int,
        _ input: UnsafeBufferPointer<UInt8>,
        _ position: inout Int
    ) -> (Int, Int)? {
        if tag & 3 == 1 {
            guard let low = number(1, input, &position) else { return nil }
            return (4 + ((tag >> 2) & 7), (tag >> 5) << 8 | low)
        }
        guard let offset = number(tag & 3 == 2 ? 2 : 4, input, &position) else { return nil }
        return (1 + (tag >> 2), offset)
    }

    private static func number(
        _ bytes: Int,
        _ input: UnsafeBufferPointer<UInt8>,
        _ position: inout Int
    ) -> Int? {
        guard bytes <= input.count - position else { return nil }
        var value = 0
        for index in 0..<bytes { value |= Int(input[position + index]) << (8 * index) }
        position += bytes
        return value
    }

    private static func copy(
        _ input: UnsafeBufferPointer<UInt8>,
        _ from: Int,
        _ room: UnsafeMutableBufferPointer<UInt8>,
        _ to: Int,
        _ count: Int
    ) {
        guard let source = input.baseAddress, let target = room.baseAddress else { return }
        (target + to).update(from: source + from, count: count)
    }

    private static func repeatBytes(
        _ room: UnsafeMutableBufferPointer<UInt8>,
        _ to: Int,
        _ count: Int,
        _ offset: Int
    ) {
        guard let base = room.baseAddress else { return }
        if offset >= count {
            (base + to).update(from: base + (to - offset), count: count)
            return
        }
        // What is copied is partly written by the copy itself.
        for index in to..<(to + count) { base[index] = base[index - offset] }
    }
}
