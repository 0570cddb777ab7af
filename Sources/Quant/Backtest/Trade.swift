// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A position from its entry to its exit.
public struct Trade: Sendable, Hashable {
    /// Why a position was closed.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The exit condition held.
        case exit
        /// The idea behind it had failed.
        case invalidation
        /// The position reached its number of bars.
        case hold
        /// The price reached the stop.
        case stop
        /// The price reached the target.
        case target
        /// The backtest ended.
        case windowEnd
        /// Equity was used up.
        case ruin
        /// The venue closed it, since the account did not bear it any more.
        case liquidation
    }

    /// The instrument.
    public let symbol: Symbol
    /// The direction.
    public let side: Strategy.Side
    /// The number of units, above 0.
    public let quantity: Double
    /// The time of the bar at which it was entered.
    public let entryTime: Instant
    /// The price paid or received, slippage included.
    public let entryPrice: Double
    /// The time of the bar at which it was closed.
    public let exitTime: Instant
    /// The price received or paid, slippage included.
    public let exitPrice: Double
    /// The number of bars it was held, those of the entry and the exit included.
    public let bars: Int
    /// The gain after fees and funding, rounded to 0.00000001 as cash is.
    public let pnl: Double
    /// The fees of both sides.
    public let fees: Double
    /// Why it was closed.
    public let reason: Reason

    /// Creates a trade that another engine made.
    public init(
        symbol: Symbol,
        side: Strategy.Side,
        quantity: Double,
        entryTime: Instant,
        entryPrice: Double,
        exitTime: Instant,
        exitPrice: Double,
        bars: Int,
        pnl: Double,
        fees: Double,
        reason: Reason
    ) {
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.entryTime = entryTime
        self.entryPrice = entryPrice
        self.exitTime = exitTime
        self.exitPrice = exitPrice
        self.bars = bars
        self.pnl = pnl
        self.fees = fees
        self.reason = reason
    }
}
