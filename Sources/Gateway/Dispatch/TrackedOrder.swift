// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

/// One order in the dispatcher.
public struct TrackedOrder: Sendable, Hashable {
    /// The order; one that closes in place of a stop whose id it has taken over.
    public internal(set) var order: VenueOrder
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
    /// How often it was asked since the order was sent or began to be taken back.
    var asks = 0
    /// When the order was sent last.
    var sentAt: Int
    /// How often the venue has declined it.
    var declines = 0
    /// Whether the venue may have a stop under this id in place of the order that closes.
    var isTakenOver = false
    /// The last survey that had been asked for when the order came to its end without being filled;
    /// only a later one has all of its executions.
    var surveyAtEnd: Int?
    /// When it came to its end in this life of the dispatcher; nil for before.
    var endedAt: Int?

    /// Begins to keep an order.
    init(
        order: VenueOrder,
        verdict: String,
        stop: Price?,
        since: Int,
        askedAt: Int
    ) {
        self.order = order
        self.verdict = verdict
        self.stop = stop
        self.since = since
        self.askedAt = askedAt
        sentAt = since
    }

    /// Whether the venue has to be asked what became of it: in doubt, being taken back, or about to
    /// be filled, since nobody tells of that unasked.
    var isRestless: Bool {
        standing == .unknown
            || (standing == .working && (isBeingCancelled || order.kind == .market))
    }

    /// What is not filled yet.
    var rest: Decimal8 { order.quantity.value - filled }
}
