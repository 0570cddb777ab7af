// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What holds for one contract in one session.
public struct ContractSession: Sendable, Hashable {
    /// What it is and costs.
    public let terms: ContractTerms
    /// The trading day.
    public let day: CalendarDate
    /// Whether a trading day with a settlement is over with the session.
    let isOver: Bool
    /// Whether such a day began with it.
    let isNewDay: Bool
}
