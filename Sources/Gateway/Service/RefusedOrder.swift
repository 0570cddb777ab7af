// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Trading

/// An order that the controls kept from the venue, with the answer that it got.
public struct RefusedOrder: Sendable, Hashable {
    /// The order.
    public let order: Order
    /// When it was asked first.
    public let stamp: Stamp
    /// The answer.
    public let reason: String

    /// Creates a refused order.
    public init(order: Order, stamp: Stamp, reason: String) {
        self.order = order
        self.stamp = stamp
        self.reason = reason
    }
}
