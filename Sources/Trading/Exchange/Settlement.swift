// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What settling one session does, worked out and not yet taken in.
public struct Settlement: Sendable, Hashable {
    /// How an order stands after the session.
    public enum Outcome: Sendable, Hashable {
        /// It was filled.
        case filled
        /// It was filled in part, and the rest was given up.
        case filledInPart(Rejection)
        /// It was refused.
        case rejected(Rejection)
        /// It was given up.
        case expired(Rejection)
        /// It waits on, after so many sessions without a price.
        case waiting(sessions: Int)
    }

    /// The session.
    public let time: Instant
    /// The book after it.
    public let book: Book
    /// What happened, in order.
    public let events: [Event]
    /// The orders that the exchange itself made, in the order of their ids.
    public let madeOrders: [PendingOrder]
    /// How each order stands that was touched, the made ones included.
    public let outcomes: [OrderID: Outcome]
    /// The account at the close.
    public let equity: EquityPoint
}
