// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The part of the exchange that a settlement changes.
public struct Book: Sendable, Hashable {
    /// Cash and lots.
    public internal(set) var account: Account
    /// The orders that wait, by id.
    public internal(set) var pending: [OrderID: PendingOrder] = [:]
    /// The last session that was settled; nil before the first.
    public internal(set) var settledThrough: Instant?
    /// The number of the next event.
    public internal(set) var nextSequence = 1

    init(capital: Money) {
        account = Account(capital: capital)
    }

    /// The waiting orders in the order of their ids.
    public var sortedPending: [PendingOrder] {
        pending.values.sorted { $0.order.id < $1.order.id }
    }

    /// Whether an order waits, at the market or on its way, that leaves what an entry holds.
    func isLeaving(_ entry: OrderID) -> Bool {
        pending.values.contains { $0.leaving == entry }
    }
}
