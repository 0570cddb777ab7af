// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The sole owner of an open file; closes it exactly once.
struct Descriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { _ = close(number) }

    /// Writes all bytes, however many calls that takes.
    func write(_ bytes: [UInt8], _ operation: String, at path: String) throws(GitError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe Glibc.write(number, base + done, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw GitError.system(operation, at: path) }
            done += count
        }
    }

    /// Reads to the end of the file.
    ///
    /// - Throws: `.tooLarge` when there are more bytes than the limit.
    func readAll(
        limitBytes: Int,
        _ operation: String,
        at path: String
    ) throws(GitError) -> [UInt8] {
        let size = max(0, Int(try status(operation, at: path).st_size))
        guard size <= limitBytes else { throw Self.tooLarge(operation, path, limitBytes) }
        var bytes = [UInt8](repeating: 0, count: size + 1)
        var done = 0
        while true {
            if done == bytes.count {
                bytes.append(contentsOf: repeatElement(0, count: max(4096, bytes.count)))
            }
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe Glibc.read(number, base + done, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw GitError.system(operation, at: path) }
            if count == 0 { break }
            done += count
            guard done <= limitBytes else { throw Self.tooLarge(operation, path, limitBytes) }
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    func status(_ operation: String, at path: String) throws(GitError) -> stat {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else {
            throw GitError.system(operation, at: path)
        }
        return status
    }

    /// Waits until the content is on the disk.
    func flushContent(_ operation: String, at path: String) throws(GitError) {
        guard fdatasync(number) == 0 else { throw GitError.system(operation, at: path) }
    }

    private static func tooLarge(_ operation: String, _ path: String, _ limit: Int) -> GitError {
        GitError(.tooLarge, operation, at: path, "it holds more than \(limit) bytes")
    }
}
