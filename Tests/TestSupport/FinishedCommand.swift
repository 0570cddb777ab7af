// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How a command ended and what it wrote.
public struct FinishedCommand: Sendable, Hashable {
    /// How a command can end.
    public enum Ending: Sendable, Hashable {
        /// It exited by itself, with this status.
        case exited(Int32)
        /// This signal killed it.
        case signalled(Int32)
        /// It was still running when its time was up, and was killed.
        case timedOut
    }

    /// How it ended.
    public let ending: Ending
    /// All it wrote to standard output.
    public let stdout: String
    /// All it wrote to standard error.
    public let stderr: String

    /// The exit status; nil when a signal or the time limit ended it.
    public var status: Int32? {
        guard case .exited(let status) = ending else { return nil }
        return status
    }

    /// Whether it exited by itself with status 0.
    public var isSuccess: Bool { status == 0 }
}
