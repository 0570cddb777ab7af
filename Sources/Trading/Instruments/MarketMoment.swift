// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a market does at an instant.
public struct MarketMoment: Sendable, Hashable {
    /// What can be done.
    public enum Phase: String, Sendable, Hashable, CaseIterable {
        /// Orders are matched as they come.
        case open
        /// Orders for the opening auction are taken.
        case auctionOrders = "auction orders"
        /// The opening auction is matched, and no orders are taken.
        case auctionMatch = "auction match"
        /// A pause between two sessions of one trading day.
        case pause = "break"
        /// Nothing.
        case closed
    }

    /// What can be done.
    public let phase: Phase
    /// The trading day to which it counts; nil while the market is closed.
    public let tradingDay: CalendarDate?
    /// Why nothing can be done, or which session it is, in a few words.
    public let note: String
    /// When orders are matched as they come: the instant itself, or the next session's start.
    public let nextOpen: Instant
}
