// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Decompresses blocks of the LZ4 format: literals, each followed by a copy of what was written
/// before.
enum LZ4 {
    /// Fills the room from one block and returns the number of bytes written; nil when the input
    /// is damaged or needs more room.
    static func decompress(
        _ input: UnsafeBufferPointer<UInt8>,
        into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        var position = 0
        var written = 0
        while position < input.count {
            let token = Int(input[position])
            position += 1
            guard let literals = length(token >> 4, input, &position),
                literals <= input.count - position, literals <= room.count - written
            else { return nil }
            for index in 0..<literals { room[written + index] = input[position + index] }
            position += literals
            written += literals
            // The last literals have no copy behind them.
            if position == input.count { return written }
            guard position + 2 <= input.count else { return nil }
            let distance = Int(input[position]) | Int(input[position + 1]) << 8
            position += 2
            guard let more = length(token & 15, input, &position), distance > 0,
                distance <= written, more + 4 <= room.count - written
            else { return nil }
            // What is copied may partly be written by the copy itself.
            for index in written..<(written + more + 4) { room[index] = room[index - distance] }
            written += more + 4
        }
        return nil
    }

    /// Fills the room from blocks that each have the lengths of both forms in front, big-endian,
    /// as Hadoop writes them, or from one plain block; nil when neither fits.
    static func decompressFramed(
        _ input: UnsafeBufferPointer<UInt8>,
        into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        var position = 0
        var written = 0
        while position < input.count {
            guard let full = number(input, position), let stored = number(input, position + 4),
                stored <= input.count - position - 8, full <= room.count - written
            else { break }
            position += 8
            let block = UnsafeBufferPointer(rebasing: input[position..<(position + stored)])
            let part = UnsafeMutableBufferPointer(rebasing: room[written..<(written + full)])
            guard decompress(block, into: part) == full else { break }
            position += stored
            written += full
        }
        return position == input.count && written == room.count
            ? written : decompress(input, into: room)
    }

    /// A length of up to 15, of which 15 says that more follows.
    private static func length(
        _ first: Int,
        _ input: UnsafeBufferPointer<UInt8>,
        _ position: inout Int
    ) -> Int? {
        var length = first
        guard first == 15 else { return length }
        while position < input.count {
            let byte = Int(input[position])
            position += 1
            length += byte
            if byte < 255 { return length }
        }
        return nil
    }

    private static func number(_ input: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
        guard position + 4 <= input.count else { return nil }
        return input[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
}
