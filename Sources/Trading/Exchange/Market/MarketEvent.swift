// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One thing that a market on paper did.
public enum MarketEvent: Sendable, Hashable {
    /// Why an order ended without being filled as a whole.
    public enum Ending: String, Sendable, Hashable, CaseIterable {
        /// Its sender took it back.
        case cancelled
        /// The other exit of its pair was filled.
        case otherExitFilled = "the other exit was filled"
        /// It may only reduce, and there is nothing to reduce.
        case nothingToReduce = "nothing to reduce"
        /// The equity does not bear the margin.
        case insufficientMargin = "insufficient margin"
        /// The positions were liquidated.
        case liquidated
    }

    /// A fill, whole or in part.
    public struct Execution: Sendable, Hashable {
        /// The place among all executions, from 1.
        public let number: Int
        /// The order.
        public let order: OrderID
        /// What was traded.
        public let instrument: InstrumentID
        /// The direction.
        public let side: Side
        /// How much.
        public let quantity: Quantity
        /// The price.
        public let price: Price
        /// The fee.
        public let fee: Money
        /// What closed lots gained since they were last settled, before fees.
        public let profit: Money
    }

    /// An execution.
    case filled(Execution)
    /// An order ended.
    case ended(OrderID, Ending)
    /// A stop was reached, or an exit is due, and the market is locked at its limit: it is still
    /// open.
    case pendingAtLimit(OrderID)
    /// A position paid, or was paid, for an hour.
    case funded(InstrumentID, Money)
    /// A position was marked to the settlement price, and its gain of the day went to the balance.
    case settled(InstrumentID, Price, Money)
    /// The equity does not bear the margin any more; so much is missing. Without a deposit
    /// everything is closed at the next opens.
    case marginCall(missing: Money)
    /// A position was closed by the venue.
    case liquidated(InstrumentID, Price)
}
