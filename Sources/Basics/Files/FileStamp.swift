// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What tells one state of a file from another without reading it.
public struct FileStamp: Sendable, Hashable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    fileprivate init(_ status: stat) {
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }

    /// Whether both are of one file, whatever it holds now and under which name.
    public func isOfSameFile(as other: FileStamp) -> Bool {
        (device, inode) == (other.device, other.inode)
    }
}

extension Folder {
    /// The stamp of a file; nil when there is none.
    public func stamp(of name: String) -> FileStamp? {
        var status = stat()
        guard stat(path(of: name), &status) == 0 else { return nil }
        return FileStamp(status)
    }
}
