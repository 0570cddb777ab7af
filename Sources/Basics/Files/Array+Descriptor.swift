// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension [UInt8] {
    /// Reads so many bytes of an open file, or fewer when it ends before.
    init(
        reading descriptor: Int32,
        path: String,
        offset: Int = 0,
        length: Int
    ) throws(FileError) {
        var failure: Int32 = 0
        self.init(unsafeUninitializedCapacity: length) { buffer, count in
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
            throw FileError(operation: "read", path: path, errorNumber: failure)
        }
    }
}

extension FileError {
    /// Throws `tooLarge` unless a file is within the limit.
    static func check(_ length: Int, _ limitBytes: Int, _ path: String) throws(FileError) {
        guard length > limitBytes else { return }
        throw FileError(
            code: .tooLarge,
            operation: "read",
            path: path,
            reason: "it has \(length) bytes and at most \(limitBytes) are allowed"
        )
    }

    /// What somebody else left that is not taken.
    static func unwanted(_ path: String) -> FileError {
        FileError(
            code: .wrongKind,
            operation: "read",
            path: path,
            reason: "only a regular file with one name, and no link on the way, is taken"
        )
    }
}
