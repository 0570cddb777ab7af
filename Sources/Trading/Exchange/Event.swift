// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One thing that a settlement did.
public struct Event: Sendable, Hashable {
    /// What happened.
    public enum Kind: Sendable, Hashable {
        /// An order was filled, as a whole or in part.
        case orderFilled(Fill)
        /// What was left of an order that was filled in part is given up.
        case restEnded(OrderID, Rejection)
        /// A waiting order of which nothing was filled was refused.
        case orderRejected(OrderID, Rejection)
        /// An order, or a stop or a target that was reached, is still open, since the market is
        /// locked at a limit.
        case pendingAtLimit(OrderID)
        /// A lot was closed.
        case lotClosed(Trade)
        /// A waiting order of which nothing was filled was given up.
        case orderExpired(OrderID, Rejection)
        /// The gains of the lots of a contract went to the cash at a settlement price.
        case daySettled(InstrumentID, Price, Money)
        /// A lot was paid for funding, or paid when the amount is negative.
        case lotFunded(OrderID, Money)
        /// The account does not bear its margins by so much, so that everything is closed.
        case marginCalled(Money)
    }

    /// The place among all events, from 1 and without gaps.
    public let sequence: Int
    /// The session whose settlement did it.
    public let time: Instant
    /// What happened.
    public let kind: Kind

    /// Creates an event.
    public init(sequence: Int, time: Instant, kind: Kind) {
        self.sequence = sequence
        self.time = time
        self.kind = kind
    }
}
