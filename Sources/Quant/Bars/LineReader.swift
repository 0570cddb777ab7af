// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Splits bytes into lines at line feeds, without the carriage return before one.
struct LineReader {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The number of the line last returned, from 1.
    private(set) var number = 0
    /// Where the next line begins.
    private(set) var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        // A byte order mark says nothing about UTF-8 and is no part of the first name.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    /// The next line that is not empty, or nil at the end.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        while position < bytes.count {
            let start = position
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            var end = position
            position = min(position + 1, bytes.count)
            number += 1
            if end > start, bytes[end - 1] == 0x0D { end -= 1 }
            if end > start { return UnsafeBufferPointer(rebasing: bytes[start..<end]) }
        }
        return nil
    }
}
