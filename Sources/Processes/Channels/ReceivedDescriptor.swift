// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A descriptor that came over a socket, with the bytes that came along.
@frozen
public struct ReceivedDescriptor: ~Copyable, Sendable {
    /// The bytes of the message, at least one.
    public var payload: [UInt8]
    /// The descriptor, now owned here and closed at exec.
    public var descriptor: Descriptor

    init(payload: [UInt8], descriptor: consuming Descriptor) {
        self.payload = payload
        self.descriptor = descriptor
    }
}
