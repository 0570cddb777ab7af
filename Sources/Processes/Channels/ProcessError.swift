// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Says which act on a process or channel failed, on what, why, and what to do about it.
public struct ProcessError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: String, Sendable {
        /// The program does not exist, or the interpreter that it names does not.
        case noSuchProgram
        /// The working folder does not exist or is not a folder.
        case noSuchFolder
        /// The file exists but the kernel cannot run it.
        case notExecutable
        /// The user may not do this.
        case permissionDenied
        /// Processes, descriptors or memory have run out; it may work later.
        case resourceLimit
        /// The command is malformed: a zero byte, an unusable variable or descriptor number.
        case invalidCommand
        /// Nobody reads the other end any more.
        case inputClosed
        /// The other end has ended where more was needed.
        case outputClosed
        /// The deadline passed first.
        case timedOut
        /// A line or message is longer than its limit.
        case lineTooLong
        /// A line to be sent contains a line feed.
        case invalidLine
        /// A message came without the descriptor that it should carry.
        case noDescriptor
        /// The process was killed but has not ended within the allowed time.
        case notReaped
        /// Some other system call failed.
        case systemCall
    }

    /// The kind of failure.
    public let code: Code
    /// What was being done, as a verb phrase.
    public let operation: String
    /// The path, process or channel it was done to.
    public let subject: String
    /// The system's error number, if a system call failed.
    public let errorNumber: Int32?
    /// What to do about it.
    public let hint: String

    /// Creates an error from its parts.
    public init(
        code: Code,
        operation: String,
        subject: String,
        errorNumber: Int32? = nil,
        hint: String
    ) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.errorNumber = errorNumber
        self.hint = hint
    }

    /// Creates an error for a failed system call, with the code that fits its number.
    init(_ operation: String, _ subject: String, errorNumber: Int32, hint: String? = nil) {
        let code = Code(errorNumber: errorNumber)
        self.init(
            code: code,
            operation: operation,
            subject: subject,
            errorNumber: errorNumber,
            hint: hint ?? code.usualHint
        )
    }

    /// One clause: what, where, why, and what to do.
    public var description: String {
        let reason = errorNumber.map(Self.reason) ?? code.meaning
        return "cannot \(operation) \(subject): \(reason); \(hint)"
    }

    private static func reason(_ number: Int32) -> String {
        var text = [CChar](repeating: 0, count: 128)
        guard strerror_r(number, &text, text.count) == 0 else { return "error \(number)" }
        let name = String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        return name.prefix(1).lowercased() + name.dropFirst()
    }
}

extension ProcessError.Code {
    init(errorNumber: Int32) {
        switch errorNumber {
        case EMFILE, ENFILE, EAGAIN, ENOMEM, ENOBUFS, ENOSPC: self = .resourceLimit
        case EACCES, EPERM: self = .permissionDenied
        case EPIPE, ECONNRESET: self = .inputClosed
        default: self = .systemCall
        }
    }

    var usualHint: String {
        switch self {
        case .resourceLimit: "free some or raise the limit, then try again"
        case .permissionDenied: "check owner and mode"
        case .inputClosed: "start the other end again"
        default: "see the system's error"
        }
    }

    var meaning: String {
        switch self {
        case .noSuchProgram: "no such program"
        case .noSuchFolder: "no such folder"
        case .notExecutable: "not a program"
        case .permissionDenied: "not allowed"
        case .resourceLimit: "a resource has run out"
        case .invalidCommand: "malformed command"
        case .inputClosed: "nobody reads the other end"
        case .outputClosed: "the other end has ended"
        case .timedOut: "the deadline passed"
        case .lineTooLong: "longer than the limit"
        case .invalidLine: "a line cannot contain a line feed"
        case .noDescriptor: "no descriptor came with the message"
        case .notReaped: "still there after being killed"
        case .systemCall: "a system call failed"
        }
    }
}
