// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file or folder that could not be read, written or removed.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: Sendable, Hashable {
        /// There is no such file or folder.
        case notFound
        /// It is there already, or not empty.
        case exists
        /// The disk or the quota is full.
        case noSpace
        /// The user may not do this.
        case denied
        /// It is larger than the caller allows.
        case tooLarge
        /// It is no regular file, or no folder, where one is needed.
        case wrongKind
        /// Anything else the system reports.
        case system
    }

    /// The kind of failure.
    public let code: Code
    /// What was attempted, as a verb phrase.
    public let operation: String
    /// The path involved.
    public let path: String
    /// The reason, as a lowercase clause.
    public let reason: String

    /// Creates an error whose reason the caller knows.
    public init(code: Code, operation: String, path: String, reason: String) {
        self.code = code
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    /// Creates an error from the number that a system call left.
    public init(operation: String, path: String, errorNumber: Int32) {
        self.operation = operation
        self.path = path
        switch errorNumber {
        case ENOENT, ENOTDIR: (code, reason) = (.notFound, "no such file or folder")
        case EEXIST: (code, reason) = (.exists, "it is there already")
        case ENOTEMPTY: (code, reason) = (.exists, "the folder is not empty")
        case ENOSPC, EDQUOT:
            (code, reason) = (.noSpace, "the disk is full; free some space and run again")
        case EACCES, EPERM, EROFS: (code, reason) = (.denied, "permission denied")
        case EFBIG: (code, reason) = (.tooLarge, "the file is too large")
        case EISDIR, ELOOP, ENXIO: (code, reason) = (.wrongKind, "not a regular file")
        default: (code, reason) = (.system, String(cString: strerror(errorNumber)).lowercased())
        }
    }

    /// One clause: what failed, where and why.
    public var description: String { "cannot \(operation) \(path): \(reason)" }
}
