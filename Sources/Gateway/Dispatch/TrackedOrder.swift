// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

/// One order in the dispatcher.
public struct TrackedOrder: Sendable, Hashable {
    /// The order.
    public let order: VenueOrder
    /// What allowed it; the entry's for orders that protect or close.
    public let verdict: String
    /// The price at which what it opens is given up.
    public let stop: Price?
    /// How it stands.
    public internal(set) var standing = OrderStanding.unknown
    /// How much is filled.
    public internal(set) var filled = Decimal8.zero
    /// Whether it is to be taken back.
    public internal(set) var isBeingCancelled = false
    /// When it was written down, in this life of the dispatcher.
    var since: Int
    /// When the venue was asked last how it stands.
    var askedAt: Int
    /// The last survey that had been asked for when the order came to its end without being filled;
    /// only a later one has all of its executions.
    var surveyAtEnd: Int?
    /// When it came to its end in this life of the dispatcher; nil for before.
    var endedAt: Int?

    /// What is not filled yet.
    var rest: Decimal8 { order.quantity.value - filled }
}
