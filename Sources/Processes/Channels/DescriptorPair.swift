// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The two ends of a pipe or a pair of connected sockets, both closed at exec.
@frozen
public struct DescriptorPair: ~Copyable, Sendable {
    /// How a socket pair carries bytes.
    public enum Kind: Sendable {
        /// A stream without boundaries, for lines.
        case stream
        /// Whole messages in order, for passing descriptors.
        case sequencedPackets
    }

    /// One end; for a pipe the one to read.
    public var first: Descriptor
    /// The other end; for a pipe the one to write.
    public var second: Descriptor

    init(first: consuming Descriptor, second: consuming Descriptor) {
        self.first = first
        self.second = second
    }

    /// Makes two sockets that are connected to each other and to nothing else.
    ///
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public static func makeSocketPair(kind: Kind) throws(ProcessError) -> DescriptorPair {
        let type = kind == .stream ? SOCK_STREAM : SOCK_SEQPACKET
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(type.rawValue) | closeAtExec, 0, &ends) == 0 else {
            throw ProcessError("make", "a socket pair", errorNumber: errno)
        }
        return DescriptorPair(
            first: Descriptor(adopting: ends[0]),
            second: Descriptor(adopting: ends[1])
        )
    }
}

/// `SOCK_CLOEXEC`, which Linux defines as the flag of open(2).
private let closeAtExec = O_CLOEXEC
