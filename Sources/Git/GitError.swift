// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a git operation failed.
///
/// `description` is one lowercase clause: what could not be done, where, and why.
public struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public enum Code: String, Sendable {
        /// The object, reference, file or worktree does not exist.
        case notFound
        /// Something of that name is already there.
        case exists
        /// A shortened name fits several objects.
        case ambiguous
        /// Two changes do not fit together.
        case conflict
        /// Another process holds a lock file, or died holding it; the message names the file.
        case locked
        /// Stored data is damaged.
        case corrupt
        /// A name, path or option is not allowed.
        case invalid
        /// The folder is not a repository.
        case notARepository
        /// The reference no longer has the expected value.
        case changedMeanwhile
        /// There are changes that would be lost.
        case dirty
        /// A limit was reached.
        case tooLarge
        /// The operating system refused; the message has its reason.
        case io
        /// Anything else that libgit2 reports.
        case other
    }

    /// The kind of failure.
    public let code: Code
    /// What was attempted, as a verb phrase.
    public let operation: String
    /// The path or reference concerned; empty when there is none.
    public let subject: String
    /// The reason, from libgit2, the operating system or this module.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ operation: String, at subject: String = "", _ message: String) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.message = message
    }

    /// The failure as one clause.
    public var description: String {
        let place = subject.isEmpty ? "" : " at \(subject)"
        let isFull = message.contains("no space left")
        let hint = isFull ? "; free some space, then run it again" : ""
        return "cannot \(operation)\(place): \(message)\(hint)"
    }
}
