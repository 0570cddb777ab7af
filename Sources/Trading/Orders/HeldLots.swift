// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The lots of one side of a position, by the day of their entry.
public struct HeldLots: Sendable, Hashable {
    /// Opened on this trading day.
    public let today: Decimal8
    /// Of those, reserved by orders that wait.
    public let frozenToday: Decimal8
    /// Opened before.
    public let yesterday: Decimal8
    /// Of those, reserved by orders that wait.
    public let frozenYesterday: Decimal8

    /// Counts lots.
    public init(
        today: Decimal8,
        frozenToday: Decimal8 = .zero,
        yesterday: Decimal8,
        frozenYesterday: Decimal8 = .zero
    ) {
        self.today = today
        self.frozenToday = frozenToday
        self.yesterday = yesterday
        self.frozenYesterday = frozenYesterday
    }

    /// What can be closed of this trading day's lots, never below zero.
    public var availableToday: Decimal8 { max(.zero, today - frozenToday) }

    /// What can be closed of earlier lots, never below zero.
    public var availableYesterday: Decimal8 { max(.zero, yesterday - frozenYesterday) }

    /// What can be closed.
    public var available: Decimal8 { availableToday + availableYesterday }
}
