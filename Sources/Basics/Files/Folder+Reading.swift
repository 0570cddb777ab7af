// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Folder {
    /// The bytes of a file.
    /// - Throws: A ``FileError``; `tooLarge` beyond the limit, `wrongKind` for anything but a
    ///   regular file.
    public func read(_ name: String, limitBytes: Int = 1 << 30) throws(FileError) -> [UInt8] {
        try read(name, from: 0, limitBytes: limitBytes)
    }

    /// The bytes of a file from an offset to its end; nil when there is no such file.
    ///
    /// A disk that fails is an error here. Whoever asks first whether the file is there takes such
    /// a disk for one that holds nothing.
    /// - Throws: A ``FileError``, as for reading the whole.
    public func readIfPresent(
        _ name: String,
        from offset: Int = 0,
        limitBytes: Int = 1 << 30
    ) throws(FileError) -> [UInt8]? {
        do {
            return try read(name, from: offset, limitBytes: limitBytes)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// The bytes of a file from an offset to its end; none when it is no longer than that.
    /// - Throws: A ``FileError``, as for reading the whole.
    public func read(
        _ name: String,
        from offset: Int,
        limitBytes: Int = 1 << 30
    ) throws(FileError) -> [UInt8] {
        try read(name, from: offset, most: .max, limitBytes: limitBytes)
    }

    private func read(
        _ name: String,
        from offset: Int,
        most: Int,
        limitBytes: Int
    ) throws(FileError) -> [UInt8] {
        precondition(offset >= 0, "a file is read from an offset of at least 0")
        let descriptor = open(path(of: name), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw FileError(operation: "read", path: path(of: name), errorNumber: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileError(operation: "read", path: path(of: name), errorNumber: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(operation: "read", path: path(of: name), errorNumber: EISDIR)
        }
        let length = min(most, max(0, Int(status.st_size) - offset))
        try FileError.check(length, limitBytes, path(of: name))
        return try [UInt8](
            reading: descriptor,
            path: path(of: name),
            offset: offset,
            length: length
        )
    }

    /// At most so many bytes of a file from an offset on; none behind its end.
    /// - Throws: A ``FileError``, as for reading the whole.
    public func read(
        _ name: String,
        from offset: Int,
        atMost count: Int
    ) throws(FileError) -> [UInt8] {
        try read(name, from: offset, most: count, limitBytes: .max)
    }

    /// The bytes of a file that somebody else wrote: no link, one name, a regular file.
    ///
    /// Neither the folder itself nor any folder in the name may be a link, so that nobody can lead
    /// the reader elsewhere.
    /// - Throws: A ``FileError``; `wrongKind` for links, devices, pipes and files with two names.
    public func readUntrusted(_ name: String, limitBytes: Int) throws(FileError) -> [UInt8] {
        let folder: UntrustedFolder
        do {
            folder = try UntrustedFolder(self)
        } catch {
            throw error.code == .wrongKind ? .unwanted(path(of: name)) : error
        }
        return try folder.read(name, limitBytes: limitBytes)
    }
}
