// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The account at the close of one session.
public struct EquityPoint: Sendable, Hashable {
    /// The session.
    public let time: Instant
    /// Cash and what the lots are worth.
    public let equity: Money
    /// The cash.
    public let cash: Money
    /// How far the equity lies below its highest close, as a fraction of that.
    public let drawdown: Decimal8

    /// Creates a point.
    public init(time: Instant, equity: Money, cash: Money, drawdown: Decimal8) {
        self.time = time
        self.equity = equity
        self.cash = cash
        self.drawdown = drawdown
    }
}
