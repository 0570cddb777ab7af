// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An order that waits for an open, or for its target.
public struct PendingOrder: Sendable, Hashable {
    /// The order.
    public let order: Order
    /// When it was submitted; only sessions at later times fill it.
    public let stamp: Stamp
    /// The sessions in which it was at the market and not filled, or not as a whole; below zero,
    /// how many of them it needs to get there.
    public internal(set) var sessionsWaited: Int
    /// Whether a part of it was filled.
    var isInPart = false

    /// Creates a waiting order.
    public init(order: Order, stamp: Stamp, sessionsWaited: Int = 0) {
        self.order = order
        self.stamp = stamp
        self.sessionsWaited = sessionsWaited
    }

    /// Whether it has reached the market.
    var isAtMarket: Bool { sessionsWaited >= 0 }

    /// The entry that it leaves at an open; nil for an entry, and for a target, which waits for its
    /// price.
    var leaving: OrderID? {
        guard case .exit(let entry, let reason) = order.purpose, reason != .target else {
            return nil
        }
        return entry
    }
}
