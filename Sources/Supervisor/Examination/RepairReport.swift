// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a repair did.
public struct RepairReport: Sendable, Equatable {
    /// What was done, one clause each.
    public internal(set) var done: [String] = []
    /// What was not, and why, one clause each.
    public internal(set) var undone: [String] = []

    /// A report of nothing.
    public init() {}
}
