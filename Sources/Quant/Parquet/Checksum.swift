// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The CRC-32 of gzip, which Parquet keeps for its pages.
enum Checksum {
    /// For each of eight places, what a byte there does to the sum.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var sum = UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
            tables[byte] = sum
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    /// The sum of some bytes.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { crc32($0) }
    }

    /// The sum of some bytes, wherever they lie.
    static func crc32(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var sum: UInt32 = .max
        let raw = UnsafeRawBufferPointer(bytes)
        tables.withUnsafeBufferPointer { tables in
            var index = 0
            while raw.count - index >= 8 {
                let word = UInt64(
                    littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                )
                let mixed = word ^ UInt64(sum)
                sum = 0
                for place in 0..<8 {
                    let byte = Int(truncatingIfNeeded: mixed >> UInt64(8 * place) & 0xFF)
                    sum ^= tables[(7 - place) * 256 + byte]
                }
                index += 8
            }
            while index < raw.count {
                sum = sum >> 8 ^ tables[Int((sum ^ UInt32(raw[index])) & 0xFF)]
                index += 1
            }
        }
        return ~sum
    }
}
