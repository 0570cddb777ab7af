// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The SHA-256 of some bytes, used to name data, strategies and signals by their content.
public struct ContentHash: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 64 lowercase hexadecimal digits.
    public let description: String

    /// Hashes bytes.
    public init(of bytes: some Sequence<UInt8>) {
        self.init(digest: SHA256.hash(data: Array(bytes)))
    }

    /// Hashes the UTF-8 bytes of a text.
    public init(of text: String) {
        self.init(of: text.utf8)
    }

    /// Reads 64 lowercase hexadecimal digits; nil for anything else.
    public init?(hex: String) {
        let isHex = hex.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard hex.utf8.count == 64, isHex else { return nil }
        description = hex
    }

    fileprivate init(digest: SHA256Digest) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        description = String(decoding: text, as: UTF8.self)
    }

    /// The first twelve digits, for people.
    public var short: String { String(description.prefix(12)) }

    /// Orders hashes by their digits.
    public static func < (left: ContentHash, right: ContentHash) -> Bool {
        left.description < right.description
    }
}

/// A SHA-256 that grows with its data, so that an append costs only what was appended.
public struct RunningHash: Sendable {
    private var hasher = SHA256()

    /// Starts with no data.
    public init() {}

    /// Takes in more bytes.
    public mutating func update(_ bytes: [UInt8]) {
        hasher.update(data: bytes)
    }

    /// The hash of everything taken in so far.
    public var value: ContentHash {
        ContentHash(digest: hasher.finalize())
    }
}
