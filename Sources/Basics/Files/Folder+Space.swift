// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The room on the file system of a folder.
public struct FileSystemSpace: Sendable, Hashable {
    /// The bytes that this user may still write.
    public var freeBytes: UInt64
    /// The files that this user may still make; nil when the file system has no such limit.
    public var freeFiles: UInt64?
    /// Whether nothing can be written at all.
    public var isReadOnly: Bool

    /// Creates a description.
    public init(freeBytes: UInt64, freeFiles: UInt64? = nil, isReadOnly: Bool = false) {
        self.freeBytes = freeBytes
        self.freeFiles = freeFiles
        self.isReadOnly = isReadOnly
    }
}

extension Folder {
    /// The room on the file system of the folder.
    /// - Throws: A ``FileError``.
    public func space() throws(FileError) -> FileSystemSpace {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw FileError(operation: "look at the disk of", path: path, errorNumber: errno)
        }
        return FileSystemSpace(
            freeBytes: UInt64(status.f_bavail) * UInt64(status.f_frsize),
            freeFiles: status.f_files > 0 ? UInt64(status.f_favail) : nil,
            isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0
        )
    }
}
