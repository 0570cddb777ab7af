// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Folder {
    /// Creates a file that nobody else has created, whole and flushed; false when the name is
    /// taken, whoever took it.
    ///
    /// The bytes are written under a name of their own in a second folder, flushed, dated and only
    /// then linked to their name, so that a file of this name is whole after a kill and after a
    /// power cut at any point. When the call returns, true or false, the name is on the disk. Any
    /// number of processes may try at once, and one of them is told true. What a killed writer
    /// leaves in the second folder is nothing but lost space.
    /// - Parameters:
    ///   - name: The new file's name.
    ///   - bytes: What it holds.
    ///   - parts: A folder on the same file system for unfinished files, which must exist.
    ///   - date: The date of change that the file gets; nil for the computer's own.
    /// - Returns: The stamp of the file that this call created; nil when there was one before.
    /// - Throws: A ``FileError``; nothing has the name then, unless only the last flush failed.
    public func createExclusively(
        _ name: String,
        with bytes: [UInt8],
        parts: Folder,
        date: Instant? = nil
    ) throws(FileError) -> FileStamp? {
        guard !contains(name) else {
            try flush()
            return nil
        }
        let part = try parts.writePart(bytes)
        defer { unlink(parts.path(of: part)) }
        if let date { try parts.setDate(of: part, to: date) }
        let stamp = parts.stamp(of: part)
        let isNew = link(parts.path(of: part), path(of: name)) == 0
        guard isNew || errno == EEXIST else {
            throw FileError(operation: "create", path: path(of: name), errorNumber: errno)
        }
        try flush()
        return isNew ? stamp : nil
    }

    /// When a file was changed last; nil when it is not there.
    public func date(of name: String) -> Instant? {
        var status = stat()
        guard lstat(path(of: name), &status) == 0 else { return nil }
        let seconds = Int64(status.st_mtim.tv_sec)
        guard (-9_000_000_000...9_000_000_000).contains(seconds) else { return nil }
        return Instant(
            nanosecondsSinceEpoch: seconds * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        )
    }

    /// How many bytes a file has.
    /// - Throws: A ``FileError``.
    public func size(of name: String) throws(FileError) -> Int {
        var status = stat()
        guard stat(path(of: name), &status) == 0 else {
            throw FileError(operation: "look at", path: path(of: name), errorNumber: errno)
        }
        return Int(status.st_size)
    }

    /// Sets when a file was changed last.
    /// - Throws: A ``FileError``.
    public func setDate(of name: String, to date: Instant) throws(FileError) {
        let seconds = date.secondsSinceEpoch
        let rest = date.nanosecondsSinceEpoch - seconds * 1_000_000_000
        let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
        guard utimensat(AT_FDCWD, path(of: name), [time, time], AT_SYMLINK_NOFOLLOW) == 0 else {
            throw FileError(operation: "date", path: path(of: name), errorNumber: errno)
        }
    }

    /// Writes and flushes a file under a name that no other writer uses, and returns the name.
    private func writePart(_ bytes: [UInt8]) throws(FileError) -> String {
        var number = 0
        while true {
            // Another thread of this process, or a dead process of the same number, may have it.
            let name = "\(getpid())-\(number)"
            do {
                try create(name, with: bytes)
                return name
            } catch {
                guard error.code == .exists else {
                    unlink(path(of: name))
                    throw error
                }
                guard number < 10_000 else { throw error }
                number += 1
            }
        }
    }
}
