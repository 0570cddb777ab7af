// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a gateway asks of a venue.
///
/// Asking may fail in every way: the request may never arrive, arrive late or twice, and so may its
/// answer.
public enum VenueRequest: Sendable, Hashable {
    /// Takes an order; one whose id the venue remembers is the same order and changes nothing.
    case place(VenueOrder)
    /// Takes an order back, as far as it is not filled.
    case cancel(OrderID)
    /// How an order stands.
    case query(OrderID)
    /// Everything that is open, and every execution so far; the number comes back with it.
    case survey(Int)
}
