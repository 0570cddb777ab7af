// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The sole owner of one file descriptor, which it closes exactly once.
public struct Descriptor: ~Copyable, Sendable {
    /// The descriptor's number, valid as long as this value lives.
    public let number: Int32

    /// Takes over an open descriptor that nothing else will close.
    public init(adopting number: Int32) {
        precondition(number >= 0, "A descriptor is never negative.")
        self.number = number
    }

    deinit {
        // Linux frees the number even when close reports an error, so a retry would hit another.
        _ = close(number)
    }

    /// Gives up ownership and returns the number, which the caller must close.
    public consuming func release() -> Int32 {
        let released = number
        discard self
        return released
    }

    /// Makes a second owner of the same open file, closed at exec.
    ///
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public borrowing func duplicate() throws(ProcessError) -> Descriptor {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else {
            throw ProcessError("duplicate", "descriptor \(number)", errorNumber: errno)
        }
        return Descriptor(adopting: copy)
    }

    /// Makes reads and writes return at once instead of waiting.
    borrowing func makeNonBlocking() throws(ProcessError) {
        let flags = fcntl(number, F_GETFL)
        guard flags >= 0, fcntl(number, F_SETFL, flags | O_NONBLOCK) == 0 else {
            throw ProcessError("set up", "descriptor \(number)", errorNumber: errno)
        }
    }
}
