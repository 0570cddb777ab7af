// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An order that waits for an open.
public struct PendingOrder: Sendable, Hashable {
    /// The order.
    public let order: Order
    /// When it was submitted; only sessions at later times fill it.
    public let stamp: Stamp
    /// The sessions in which its instrument had no price.
    public internal(set) var sessionsWaited: Int

    /// Creates a waiting order.
    public init(order: Order, stamp: Stamp, sessionsWaited: Int = 0) {
        self.order = order
        self.stamp = stamp
        self.sessionsWaited = sessionsWaited
    }
}
