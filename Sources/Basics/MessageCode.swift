// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A code over some bytes that only the holder of a key can make: HMAC with SHA-256, RFC 2104.
public struct MessageCode: Sendable {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Makes the code of parts that follow one another.
    public init(of parts: [[UInt8]], key: [UInt8]) {
        var hash = HMAC<SHA256>(key: SymmetricKey(data: key))
        for part in parts { hash.update(data: part) }
        bytes = Array(hash.finalize())
    }

    /// Whether bytes that somebody sent are this code; how long that takes tells nothing about
    /// where they differ.
    public func matches(_ other: [UInt8]) -> Bool {
        guard other.count == bytes.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(bytes, other) { difference |= left ^ right }
        return difference == 0
    }
}
