// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What has become of one entry at a venue.
public struct VenueOutcome: Sendable, Hashable {
    /// The entry.
    public let entry: OrderID
    /// The executions that opened it, in the order of their ids.
    public let opened: [VenueFill]
    /// The executions that closed it, in the order of their ids.
    public let closed: [VenueFill]
    /// Whether nothing can be added to what opened it.
    public let isEnded: Bool
    /// Why it was closed, should it be.
    public let reason: ExitReason

    /// Gathers an outcome.
    public init(
        entry: OrderID,
        opened: [VenueFill],
        closed: [VenueFill],
        isEnded: Bool,
        reason: ExitReason
    ) {
        self.entry = entry
        self.opened = opened
        self.closed = closed
        self.isEnded = isEnded
        self.reason = reason
    }

    /// What is held of it, without a sign.
    public var held: Decimal8 {
        opened.reduce(Decimal8.zero) { $0 + $1.quantity.value }
            - closed.reduce(Decimal8.zero) { $0 + $1.quantity.value }
    }
}
