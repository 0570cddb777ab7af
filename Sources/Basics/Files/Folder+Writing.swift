// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Folder {
    /// Replaces a file in one step: readers see the old bytes or the new ones, never a part.
    ///
    /// With `durable`, the file and its folder are flushed before the call returns. A private file
    /// is for its owner only. The new bytes pass through `<name>.part`; one writer at a time may
    /// replace a file.
    /// - Throws: A ``FileError``; the old file is then unchanged.
    public func replace(
        _ name: String,
        with bytes: [UInt8],
        durable: Bool = false,
        isPrivate: Bool = false
    ) throws(FileError) {
        let temporary = "\(name).part"
        do {
            // What an earlier run or somebody else left there is dropped, not written through.
            try removeFile(temporary)
            let mode: mode_t = isPrivate ? 0o600 : 0o644
            try write(bytes, to: temporary, flags: O_EXCL, durable: durable, mode: mode)
            try move(temporary, to: name)
        } catch {
            unlink(path(of: temporary))
            throw error
        }
        if durable { try flush() }
    }

    /// Writes a file over itself, for files that can be made again.
    ///
    /// Much cheaper than ``replace(_:with:durable:)``, since no file is made or removed; in return
    /// a crash in between leaves a mixture. What is no regular file with one name is removed first.
    /// - Throws: A ``FileError``; the file may then hold a mixture.
    public func overwrite(_ name: String, with bytes: [UInt8]) throws(FileError) {
        try write(bytes, to: name, flags: 0, durable: false, isCut: true)
    }

    /// Adds bytes to the end of a file, which is created when it is not there.
    ///
    /// With `durable` they are flushed before the call returns.
    /// - Throws: A ``FileError``.
    public func append(
        _ bytes: [UInt8],
        to name: String,
        durable: Bool = false
    ) throws(FileError) {
        try write(bytes, to: name, flags: O_APPEND, durable: durable)
    }

    /// Writes a new file and flushes it; the folder's own entries are not flushed.
    /// - Throws: A ``FileError``, with code `exists` when the name is taken.
    func create(_ name: String, with bytes: [UInt8]) throws(FileError) {
        try write(bytes, to: name, flags: O_EXCL, durable: true)
    }

    /// Cuts a file off behind so many bytes.
    /// - Throws: A ``FileError``.
    public func cut(_ name: String, to count: Int) throws(FileError) {
        let descriptor = open(path(of: name), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw FileError(operation: "cut", path: path(of: name), errorNumber: errno)
        }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(count)) == 0 else {
            throw FileError(operation: "cut", path: path(of: name), errorNumber: errno)
        }
    }

    /// Flushes the folder's own entries to the disk.
    /// - Throws: A ``FileError``.
    public func flush() throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileError(operation: "flush folder", path: path, errorNumber: errno)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw FileError(operation: "flush folder", path: path, errorNumber: errno)
        }
    }

    private func write(
        _ bytes: [UInt8],
        to name: String,
        flags: Int32,
        durable: Bool,
        isCut: Bool = false,
        mode: mode_t = 0o644
    ) throws(FileError) {
        if isCut {
            var status = stat()
            let isThere = lstat(path(of: name), &status) == 0
            let isPlain = status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1
            if isThere, !isPlain { try removeFile(name) }
        }
        let descriptor = try openForWriting(name, flags: flags, mode: mode)
        var isOpen = true
        defer { if isOpen { close(descriptor) } }
        try write(bytes, to: descriptor, of: name, durable: durable, isCut: isCut)
        isOpen = false
        guard close(descriptor) == 0 else {
            throw FileError(operation: "close", path: path(of: name), errorNumber: errno)
        }
    }

    /// Opens a file for writing, and makes it when it is not there.
    func openForWriting(
        _ name: String,
        flags: Int32,
        mode: mode_t = 0o644
    ) throws(FileError) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags
        let descriptor = open(path(of: name), flags, mode)
        guard descriptor >= 0 else {
            throw FileError(operation: "write", path: path(of: name), errorNumber: errno)
        }
        return descriptor
    }

    /// Writes all bytes to an open file and, if it is to be, flushes them.
    func write(
        _ bytes: [UInt8],
        to descriptor: Int32,
        of name: String,
        durable: Bool,
        isCut: Bool = false
    ) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw FileError(operation: "write", path: path(of: name), errorNumber: errno)
            }
            written += count
        }
        guard !isCut || ftruncate(descriptor, off_t(bytes.count)) == 0 else {
            throw FileError(operation: "cut", path: path(of: name), errorNumber: errno)
        }
        guard !durable || fdatasync(descriptor) == 0 else {
            throw FileError(operation: "flush", path: path(of: name), errorNumber: errno)
        }
    }
}
