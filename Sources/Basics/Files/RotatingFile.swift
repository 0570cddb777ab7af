// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file of lines that is set aside when it is full, with a bounded number of older ones.
///
/// The newest lines stand in `name.jsonl`, older ones in `name.00000001.jsonl` and so on, the
/// number rising. A file that is set aside is never written to again. One writer at a time.
public struct RotatingFile: ~Copyable, Sendable {
    /// Where the files stand.
    public let files: RotatedFiles
    /// The size in bytes beyond which a file is not continued.
    public let rotateBytes: Int
    /// How many full files are kept besides the newest.
    public let keep: Int

    private var descriptor: Int32 = -1
    private var size = 0
    private var endsInsideLine = false

    /// Names the files; nothing is opened yet.
    public init(_ files: RotatedFiles, rotateBytes: Int, keep: Int) {
        precondition(rotateBytes > 0 && keep >= 0, "a log has room for something")
        self.files = files
        self.rotateBytes = rotateBytes
        self.keep = keep
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Adds whole lines, each with its line feed, with one write.
    ///
    /// They are not flushed. A line that an earlier writer left unfinished is ended first.
    /// - Throws: A ``FileError``; then none of the lines is in the file, or the last one that is
    ///   there in part is ended by the next call.
    public mutating func append(_ lines: [UInt8]) throws(FileError) {
        guard !lines.isEmpty else { return }
        try openNewest()
        if size > 0, size + lines.count > rotateBytes { try rotate() }
        try write(endsInsideLine ? [0x0A] + lines : lines)
    }

    /// Opens the newest file unless it is open and still has its name.
    private mutating func openNewest() throws(FileError) {
        var status = stat()
        if descriptor >= 0 {
            guard fstat(descriptor, &status) != 0 || status.st_nlink == 0 else { return }
            // Somebody removed it: a new one is begun.
            close(descriptor)
            descriptor = -1
        }
        try files.folder.create()
        let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let opened = open(files.folder.path(of: files.newest), flags, 0o600)
        guard opened >= 0 else { throw failure("open", errno) }
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw failure("open", ENXIO)
        }
        descriptor = opened
        size = Int(status.st_size)
        var last: UInt8 = 0x0A
        // A last byte that cannot be read is taken as a line feed; readers pass over a bad line.
        if size > 0 { _ = pread(descriptor, &last, 1, off_t(size - 1)) }
        endsInsideLine = last != 0x0A
    }

    private mutating func write(_ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let number = errno
                takeBack(written)
                throw failure("write", number)
            }
            written += count
        }
        size += written
        endsInsideLine = false
    }

    /// Removes the part of a write that did not fit.
    private mutating func takeBack(_ written: Int) {
        guard written > 0, ftruncate(descriptor, off_t(size)) != 0 else { return }
        size += written
        endsInsideLine = true
    }

    /// Sets the newest file aside and removes those that are too many.
    private mutating func rotate() throws(FileError) {
        let old = try files.numbers()
        let next = (old.last ?? 0) + 1
        try files.folder.move(files.newest, to: files.name(next))
        close(descriptor)
        descriptor = -1
        for number in (old + [next]).dropLast(keep) {
            try files.folder.removeFile(files.name(number))
        }
        try openNewest()
    }

    private func failure(_ operation: String, _ number: Int32) -> FileError {
        FileError(
            operation: operation,
            path: files.folder.path(of: files.newest),
            errorNumber: number
        )
    }
}
