// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Who or what halted the desk.
public enum HaltSource: String, Sendable, Hashable, CaseIterable {
    /// `loopdesk halt`.
    case person
    /// A file `now` in the folder of the latch.
    case file
    /// SIGUSR1.
    case signal
    /// The risk agent, or the supervisor when it takes one that guards money out of service.
    case agent
    /// The risk agent has been away for too long.
    case absence
    /// The account and the orders do not agree.
    case reconciliation
    /// The latch cannot be read, so nobody knows what it said.
    case damage
}
