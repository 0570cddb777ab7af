// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a venue says, as an answer or unasked.
public enum VenueReport: Sendable, Hashable {
    /// How an order stands at a venue.
    public enum Standing: Sendable, Hashable {
        /// It is open.
        case open
        /// It is filled as a whole.
        case filled
        /// It was taken back; what was filled before stays.
        case cancelled
        /// It was never taken, for good.
        case refused
        /// It was not taken when it was sent; another sending of it may have been.
        case declined
        /// The venue does not know it, or does not any more.
        case unknown
    }

    /// Everything that a venue knows at one moment.
    public struct Survey: Sendable, Hashable {
        /// The number of the request.
        public let number: Int
        /// The orders that are open, with their whole quantities, filled or not.
        public let open: [OrderID: Quantity]
        /// Every execution so far.
        public let fills: [VenueFill]
        /// What is held of each instrument, negative when sold short; nothing of the others.
        public let positions: [InstrumentID: Decimal8]

        /// Gathers what a venue knows.
        public init(
            number: Int,
            open: [OrderID: Quantity],
            fills: [VenueFill],
            positions: [InstrumentID: Decimal8]
        ) {
            self.number = number
            self.open = open
            self.fills = fills
            self.positions = positions
        }
    }

    /// How an order stands now.
    case standing(OrderID, Standing)
    /// An execution.
    case fill(VenueFill)
    /// Everything.
    case survey(Survey)
}
