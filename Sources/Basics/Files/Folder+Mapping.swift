// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Folder {
    /// Maps a file into memory, which costs next to nothing however long it is.
    /// - Throws: A ``FileError``; `tooLarge` beyond the limit, `wrongKind` for anything but a
    ///   regular file.
    public func map(_ name: String, limitBytes: Int = 1 << 40) throws(FileError) -> MappedFile {
        let descriptor = open(path(of: name), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw FileError(operation: "read", path: path(of: name), errorNumber: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(operation: "read", path: path(of: name), errorNumber: EISDIR)
        }
        let length = Int(status.st_size)
        guard length <= limitBytes else {
            throw FileError(
                code: .tooLarge,
                operation: "read",
                path: path(of: name),
                reason: "it has \(length) bytes and \(limitBytes) are allowed"
            )
        }
        guard let file = MappedFile(descriptor: descriptor, count: length) else {
            throw FileError(operation: "read", path: path(of: name), errorNumber: errno)
        }
        return file
    }
}
