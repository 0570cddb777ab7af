// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Tells whether the file at a lock's path is still the one that is locked.
///
/// A folder that is moved away takes its lock along, and what is put in its place has another,
/// which somebody else may hold. It is to be asked only while the lock is held: a file that nobody
/// has open any more can give its number to the next.
public struct LockWatch: Sendable {
    private let path: String
    private let device: UInt
    private let inode: UInt

    /// Looks at a lock that is open.
    init(_ number: Int32, _ path: String) throws(ProcessError) {
        var status = stat()
        guard fstat(number, &status) == 0 else {
            throw ProcessError("look at lock", path, errorNumber: errno)
        }
        self.path = path
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }

    /// Whether it is; false as well when nothing is there or it cannot be looked at.
    ///
    /// Costs one system call.
    public var isInPlace: Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        return (UInt(status.st_dev), UInt(status.st_ino)) == (device, inode)
    }
}
