// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A lot from its entry to its exit.
public struct Trade: Sendable, Hashable {
    /// The entry's order.
    public let entry: OrderID
    /// The exit's order.
    public let exit: OrderID
    /// What was traded.
    public let instrument: InstrumentID
    /// The direction of the entry.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// The price of the entry, slippage included.
    public let entryPrice: Price
    /// The price of the exit, slippage included.
    public let exitPrice: Price
    /// The session of the entry.
    public let opened: Instant
    /// The session of the exit.
    public let closed: Instant
    /// The sessions with a price in which the lot was held; the entry's counts, and so does the
    /// exit's unless the lot was closed at its open.
    public let sessionsHeld: Int
    /// The gain, both fees taken off, and what was paid for funding with it.
    public let profit: Money
    /// Both fees.
    public let fees: Money
    /// Why it was closed.
    public let reason: ExitReason
    /// The strategy behind the entry.
    public let strategy: String
    /// The signal that asked for the entry.
    public let signal: String
}
