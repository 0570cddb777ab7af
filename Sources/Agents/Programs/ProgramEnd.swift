// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How a program ended.
public enum ProgramEnd: Sendable, Hashable {
    /// It ended by itself with a status.
    case exited(code: Int)
    /// A signal ended it.
    case signalled(number: Int)
    /// It could not be started, or what it printed could not be read.
    case unusable(String)
}
