// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How an agent stands with supervision.
enum AgentCondition: Sendable, Hashable {
    /// Nothing has happened that is still remembered.
    case sound
    /// It has failed and been started again; so many of the allowed restarts are used.
    case restarted(used: Int, of: Int)
    /// It is out of service.
    case quarantined(Quarantine)
}
