// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Trading

/// What the dispatcher has on the disk before it does anything that cannot be taken back.
public enum JournalEntry: Sendable, Hashable {
    /// A dispatcher begins its life; the number is one more than that of the life before, and the
    /// journal takes nothing from earlier lives any more.
    case started(Int)
    /// The broker's account to which everything here belongs.
    case account(String)
    /// An order is about to be sent; the verdict is what allowed it.
    case intent(VenueOrder, verdict: String, stop: Price?)
    /// An order has come to an end that nothing can change.
    case ended(OrderID, OrderStanding)
    /// An execution was booked.
    case fill(VenueFill)
    /// What an entry has opened is to be closed.
    case close(OrderID, ExitReason)
    /// An order is about to be taken back.
    case cancel(OrderID)
}
