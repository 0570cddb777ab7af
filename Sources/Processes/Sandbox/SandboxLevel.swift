// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How much stands between a child and the rest of the computer.
public enum SandboxLevel: String, Sendable, Hashable, CaseIterable {
    /// Namespaces of its own with a view of the files it needs, and the launcher inside.
    case full = "A"
    /// The launcher alone: rights to files, a filter of system calls, limits.
    case launcher = "B"
    /// Nothing.
    case none = "C"
}
