// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Crypto

/// The name of a git object: the SHA-1 of its kind, length and content.
///
/// Ordered as git orders names: by their bytes, first byte first.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
    // Three words in network order compare and hash faster than twenty bytes.
    private let head: UInt64
    private let body: UInt64
    private let tail: UInt32

    /// The number of bytes in a name.
    package static let byteCount = 20

    /// The name that git writes where there is no object, as in the first line of a reflog.
    package static let zero = ObjectID(from: [UInt8](repeating: 0, count: byteCount), at: 0)

    /// Reads a name from forty hexadecimal digits; nil when it is anything else.
    public init?(hex: some StringProtocol) {
        var bytes: [UInt8] = []
        var pending: UInt8?
        for digit in hex.utf8 {
            guard let value = Self.value(ofDigit: digit), bytes.count < Self.byteCount else {
                return nil
            }
            if let high = pending {
                bytes.append(high << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        guard bytes.count == Self.byteCount, pending == nil else { return nil }
        self.init(from: bytes, at: 0)
    }

    /// Reads the twenty bytes that begin at an offset, which the caller has checked to exist.
    package init(from bytes: [UInt8], at offset: Int) {
        precondition(offset >= 0 && offset + Self.byteCount <= bytes.count, "a name has 20 bytes")
        let words = unsafe bytes.withUnsafeBytes { buffer in
            unsafe (
                buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self),
                buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)
            )
        }
        head = UInt64(bigEndian: words.0)
        body = UInt64(bigEndian: words.1)
        tail = UInt32(bigEndian: words.2)
    }

    /// Computes the name that git gives to a content of a kind.
    package init(hashing content: [UInt8], kind: ObjectKind) {
        var hasher = Insecure.SHA1()
        let frame = Array("\(kind.name) \(content.count)".utf8) + [0]
        hasher.absorb(frame)
        hasher.absorb(content)
        self.init(from: Array(hasher.finalize()), at: 0)
    }

    init(_ raw: git_oid) {
        let bytes = unsafe withUnsafeBytes(of: raw) { unsafe Array($0) }
        self.init(from: bytes, at: 0)
    }

    /// The twenty bytes of the name.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        append(to: &bytes)
        return bytes
    }

    /// The first byte, by which a pack index is divided.
    var firstByte: UInt8 { UInt8(truncatingIfNeeded: head >> 56) }

    var raw: git_oid {
        var raw = git_oid()
        let bytes = bytes
        unsafe withUnsafeMutableBytes(of: &raw) { unsafe $0.copyBytes(from: bytes) }
        return raw
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(head)
        bytes.appendBigEndian(body)
        bytes.appendBigEndian(tail)
    }

    /// The forty lowercase hexadecimal digits of the name.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * Self.byteCount)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Orders two names by their bytes.
    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.head, left.body, left.tail) < (right.head, right.body, right.tail)
    }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
