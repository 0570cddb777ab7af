// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Whether a process still runs, or how it ended.
public enum ExitStatus: Sendable, Hashable {
    /// It has not ended.
    case running
    /// It ended by itself with this code; 0 means success.
    case exited(code: Int32)
    /// This signal ended it.
    case signalled(number: Int32)
}
