// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What the desk may do at the moment.
public enum TradingState: String, Sendable, Hashable, CaseIterable {
    /// Entries and exits.
    case active
    /// Exits only, until a person resumes.
    case reducing
    /// Exits only, and somebody found the desk at fault; until a person resumes.
    case halted
}
