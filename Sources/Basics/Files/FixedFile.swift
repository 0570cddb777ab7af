// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file of a fixed size that is open and filled before it is needed, so that writing to it later
/// takes no room on the disk and opens nothing.
///
/// Bytes are written in place and flushed before the call returns. On a file system that never
/// writes in place, a full disk can still refuse.
public final class FixedFile: Sendable {
    /// Where the file is.
    public let path: String
    /// How many bytes it has.
    public let size: Int
    private let descriptor: Int32

    /// Opens a file, or makes one of zeros that only its owner may read.
    ///
    /// A shorter one is filled up.
    /// - Throws: A ``FileError``.
    public init(in folder: Folder, _ name: String, size: Int) throws(FileError) {
        let path = folder.path(of: name)
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        descriptor = open(path, flags, 0o600)
        self.path = path
        self.size = size
        guard descriptor >= 0 else {
            throw FileError(operation: "open", path: path, errorNumber: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.error("look at", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(operation: "open", path: path, errorNumber: EISDIR)
        }
        let known = Int(status.st_size)
        guard known < size else { return }
        try write([UInt8](repeating: 0, count: size - known), at: known)
        guard fsync(descriptor) == 0 else { throw Self.error("flush", path) }
        try folder.flush()
    }

    deinit {
        close(descriptor)
    }

    /// The bytes of a part.
    /// - Throws: A ``FileError``; `system` when the file has become shorter.
    public func read(from offset: Int, count: Int) throws(FileError) -> [UInt8] {
        precondition(offset >= 0 && count >= 0 && offset + count <= size, "a part lies within")
        var bytes = [UInt8](repeating: 0, count: count)
        var found = 0
        while found < count {
            let read = bytes[found...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(offset + found))
            }
            if read < 0, errno == EINTR { continue }
            guard read > 0 else {
                throw FileError(operation: "read", path: path, errorNumber: read < 0 ? errno : EIO)
            }
            found += read
        }
        return bytes
    }

    /// Writes over a part and flushes it.
    /// - Throws: A ``FileError``; the part may then hold a mixture.
    public func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        precondition(offset >= 0 && offset + bytes.count <= size, "a part lies within")
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + written))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.error("write", path) }
            written += count
        }
        guard fdatasync(descriptor) == 0 else { throw Self.error("flush", path) }
    }

    private static func error(_ operation: String, _ path: String) -> FileError {
        FileError(operation: operation, path: path, errorNumber: errno)
    }
}
