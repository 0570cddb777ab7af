// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Who speaks over a connection; it decides what the gateway does for them.
public enum ClientRole: String, Sendable, Hashable, CaseIterable {
    /// The program that drives the desk, and through it a person.
    case supervisor
    /// The agent that trades.
    case executor
    /// The agent that watches the limits.
    case risk
    /// Anything that only looks.
    case observer
}
