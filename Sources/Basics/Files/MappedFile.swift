// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The bytes of a file, read from the disk only where they are looked at.
///
/// The file must not shrink while it is mapped: looking at bytes that are gone ends the process.
/// Files that are replaced by renaming, as ``Folder`` does it, keep their old bytes.
public final class MappedFile: Sendable {
    /// The number of bytes.
    public let count: Int
    private let mapping: Mapping

    /// Memory that is never written and stays until the file is let go of.
    private struct Mapping: @unchecked Sendable {
        let base: UnsafeRawPointer?
    }

    /// Maps an open file of a length, which may be closed afterwards; nil when the system refuses.
    init?(descriptor: Int32, count: Int) {
        self.count = count
        guard count > 0 else {
            mapping = Mapping(base: nil)
            return
        }
        guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
            base != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        mapping = Mapping(base: UnsafeRawPointer(base))
    }

    deinit {
        guard let base = mapping.base else { return }
        munmap(UnsafeMutableRawPointer(mutating: base), count)
    }

    /// Gives access to the bytes, which stay where they are as long as the file is held.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        let base = mapping.base?.assumingMemoryBound(to: UInt8.self)
        return try body(UnsafeBufferPointer(start: base, count: count))
    }
}
