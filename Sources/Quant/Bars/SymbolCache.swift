// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Remembers where symbols of up to eight letters lie in a list, by their bytes.
struct SymbolCache {
    private var keys = [UInt64](repeating: 0, count: 256)
    private var slots = [Int](repeating: -1, count: 256)

    /// The bytes up to a comma or an end of line as one number, and their count, which is 0 when
    /// there are more than eight.
    @inline(__always)
    static func key(at place: UnsafePointer<UInt8>) -> (key: UInt64, length: Int) {
        var key: UInt64 = 0
        for count in 0..<9 {
            let byte = place[count]
            if byte == 0x2C || byte == 0x0A || byte == 0x0D { return (key, count) }
            if count < 8 { key |= UInt64(byte) &<< UInt64(8 &* count) }
        }
        return (0, 0)
    }

    /// The place of the symbol with a key; -1 when it is not known.
    func slot(_ key: UInt64) -> Int {
        let index = Self.index(key)
        return keys[index] == key ? slots[index] : -1
    }

    mutating func set(_ key: UInt64, slot: Int) {
        let index = Self.index(key)
        keys[index] = key
        slots[index] = slot
    }

    private static func index(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }
}
