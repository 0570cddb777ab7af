// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An order that a client submitted, with the first answer that it got.
public struct Submission: Sendable, Hashable {
    /// The order.
    public let order: Order
    /// When it was first submitted.
    public let stamp: Stamp
    /// The first answer.
    public let acknowledgement: Acknowledgement

    /// Creates a submission.
    public init(order: Order, stamp: Stamp, acknowledgement: Acknowledgement) {
        self.order = order
        self.stamp = stamp
        self.acknowledgement = acknowledgement
    }
}
