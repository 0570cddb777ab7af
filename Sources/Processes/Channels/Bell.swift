// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A descriptor that another thread makes readable.
public final class Bell: Sendable {
    private let readEnd: Descriptor
    private let writeEnd: Descriptor

    /// Makes a bell that has not rung.
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public init() throws(ProcessError) {
        let pipe = try DescriptorPair.makePipe()
        try pipe.first.makeNonBlocking()
        try pipe.second.makeNonBlocking()
        readEnd = pipe.first
        writeEnd = pipe.second
    }

    /// Readable from a ring until ``silence()``.
    public var descriptor: Int32 { readEnd.number }

    /// Rings; from any thread, and without waiting.
    public func ring() {
        var byte: UInt8 = 1
        // A pipe that is full rings already.
        _ = write(writeEnd.number, &byte, 1)
    }

    /// Makes the descriptor unreadable until the next ring.
    public func silence() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(readEnd.number, &bytes, bytes.count) > 0 {}
    }
}
