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
        try check(length, limitBytes, name)
        return try readBytes(descriptor, name: name, offset: offset, length: length)
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
        let descriptor = try openWithoutLinks(name)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_nlink == 1
        else { throw unwanted(name) }
        try check(Int(status.st_size), limitBytes, name)
        return try readBytes(descriptor, name: name, offset: 0, length: Int(status.st_size))
    }

    private func openWithoutLinks(_ name: String) throws(FileError) -> Int32 {
        let folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var parts = name.split(separator: "/").map(String.init)
        let last = parts.popLast() ?? name
        var parent = open(path, folderFlags)
        for part in parts where parent >= 0 {
            let next = openat(parent, part, folderFlags)
            let failure = errno
            close(parent)
            errno = failure
            parent = next
        }
        guard parent >= 0 else {
            if errno == ENOTDIR || errno == ELOOP { throw unwanted(name) }
            throw FileError(operation: "read", path: path(of: name), errorNumber: errno)
        }
        let file = openat(parent, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        let failure = errno
        close(parent)
        guard file >= 0 else {
            if failure == ELOOP || failure == ENXIO { throw unwanted(name) }
            throw FileError(operation: "read", path: path(of: name), errorNumber: failure)
        }
        return file
    }

    private func unwanted(_ name: String) -> FileError {
        FileError(
            code: .wrongKind,
            operation: "read",
            path: path(of: name),
            reason: "only a regular file with one name, and no link on the way, is taken"
        )
    }

    private func check(_ length: Int, _ limitBytes: Int, _ name: String) throws(FileError) {
        guard length > limitBytes else { return }
        throw FileError(
            code: .tooLarge,
            operation: "read",
            path: path(of: name),
            reason: "it has \(length) bytes and at most \(limitBytes) are allowed"
        )
    }

    private func readBytes(
        _ descriptor: Int32,
        name: String,
        offset: Int,
        length: Int
    ) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while count < length {
                let free = UnsafeMutableBufferPointer(rebasing: buffer[count...])
                let read = pread(descriptor, free.baseAddress, free.count, off_t(offset + count))
                if read < 0, errno == EINTR { continue }
                if read < 0 { failure = errno }
                guard read > 0 else { break }
                count += read
            }
        }
        guard failure == 0 else {
            throw FileError(operation: "read", path: path(of: name), errorNumber: failure)
        }
        return bytes
    }
}
