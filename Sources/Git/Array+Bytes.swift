// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Crypto

extension Array<UInt8> {
    /// Appends a number as git stores numbers: highest byte first.
    mutating func appendBigEndian(_ value: some FixedWidthInteger & UnsignedInteger) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    /// Reads four bytes as a number, highest byte first.
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16
            | UInt32(self[offset + 2]) << 8 | UInt32(self[offset + 3])
    }

    /// The SHA-1 of all bytes, with which git ends its files.
    var sha1: [UInt8] {
        var hasher = Insecure.SHA1()
        hasher.absorb(self)
        return Array(hasher.finalize())
    }

    var text: String { String(decoding: self, as: UTF8.self) }
}
