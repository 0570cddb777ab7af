// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Decodes Parquet's mixture of runs and bit-packed numbers, and its packed differences.
enum RunLengths {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Fills the room with small numbers; false when the input ends before or is malformed.
    static func decode(
        _ input: Bytes,
        bitWidth: Int,
        into room: UnsafeMutableBufferPointer<UInt32>
    ) -> Bool {
        guard (0...32).contains(bitWidth) else { return false }
        var (position, written) = (0, 0)
        while written < room.count {
            guard let head = varint(input, &position) else { return false }
            if head & 1 == 0 {
                let bytes = (bitWidth + 7) / 8
                guard head >> 1 > 0, bytes <= input.count - position else { return false }
                var value: UInt32 = 0
                for index in 0..<bytes { value |= UInt32(input[position + index]) << (8 * index) }
                position += bytes
                let count = min(room.count - written, Int(min(head >> 1, 1 << 40)))
                room[written..<(written + count)].update(repeating: value)
                written += count
            } else {
                // Groups of eight; the last may hold more than is asked for, and may be cut.
                guard head >> 1 > 0, head >> 1 < 1 << 40 else { return false }
                let count = min(room.count - written, Int(head >> 1) * 8)
                guard (count * bitWidth + 7) / 8 <= input.count - position else { return false }
                for index in 0..<count {
                    room[written + index] = UInt32(
                        truncatingIfNeeded: bits(input, position, index * bitWidth, bitWidth)
                    )
                }
                position += min(input.count - position, Int(head >> 1) * bitWidth)
                written += count
            }
        }
        return true
    }

    /// Reads DELTA_BINARY_PACKED: the first number, then differences in blocks; returns the bytes
    /// used, or nil when the input is malformed or has another count.
    static func differences(
        _ input: Bytes,
        into room: UnsafeMutableBufferPointer<Int64>
    ) -> Int? {
        var position = 0
        guard let blockSize = varint(input, &position), let parts = varint(input, &position),
            let count = varint(input, &position), let first = varint(input, &position),
            count == room.count, parts > 0, parts <= 512, blockSize > 0, blockSize <= 1 << 20,
            blockSize % (parts * 8) == 0
        else { return nil }
        guard count > 0 else { return position }
        let partSize = Int(blockSize / parts)
        var last = signed(first)
        room[0] = last
        var written = 1
        while written < room.count {
            guard let least = varint(input, &position), Int(parts) <= input.count - position else {
                return nil
            }
            let widths = position
            position += Int(parts)
            for part in 0..<Int(parts) where written < room.count {
                let width = Int(input[widths + part])
                guard width <= 64, partSize * width / 8 <= input.count - position else {
                    return nil
                }
                for index in 0..<min(partSize, room.count - written) {
                    let step = bits(input, position, index * width, width)
                    last = last &+ signed(least) &+ Int64(bitPattern: step)
                    room[written] = last
                    written += 1
                }
                position += partSize * width / 8
            }
        }
        return position
    }

    /// The number of so many bits from a bit on, the lowest first, within bytes that are there.
    private static func bits(_ input: Bytes, _ start: Int, _ bit: Int, _ width: Int) -> UInt64 {
        guard width > 0 else { return 0 }
        var value: UInt64 = 0
        var taken = 0
        var index = start + bit / 8
        var offset = bit % 8
        while taken < width {
            let byte = UInt64(input[index] >> UInt8(offset))
            value |= byte << UInt64(taken)
            taken += 8 - offset
            offset = 0
            index += 1
        }
        return width == 64 ? value : value & (1 << UInt64(width) - 1)
    }

    private static func signed(_ raw: UInt64) -> Int64 {
        Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    private static func varint(_ input: Bytes, _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for index in 0..<10 {
            guard position < input.count else { return nil }
            let byte = input[position]
            position += 1
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 { return value }
        }
        return nil
    }
}
