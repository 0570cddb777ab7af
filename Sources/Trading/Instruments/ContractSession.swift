// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What holds for one contract in one session.
public struct ContractSession: Sendable, Hashable {
    /// What it is and costs.
    public let terms: ContractTerms
    /// Whether a trading day with a settlement is over with the session.
    let isOver: Bool
    /// Whether such a day began with it.
    let isNewDay: Bool
}
