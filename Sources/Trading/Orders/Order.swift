// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A wish to trade at the next open.
public struct Order: Sendable, Hashable {
    /// What an order is for.
    public enum Purpose: Sendable, Hashable {
        /// It opens a lot that will be left by this plan.
        case entry(ExitPlan)
        /// It closes the whole lot that an entry opened.
        case exit(of: OrderID, ExitReason)
    }

    /// The most bytes of the signal's and of the strategy's name.
    public static let longestName = 200

    /// The id, derived from the asking signal.
    public let id: OrderID
    /// What is traded.
    public let instrument: InstrumentID
    /// The direction.
    public let side: Side
    /// How much.
    public let quantity: Quantity
    /// What the order is for.
    public let purpose: Purpose
    /// The worst price at which an entry is filled; nil for any.
    ///
    /// One that the open does not fill rests there for the session and ends with it.
    public let limit: Price?
    /// The desk time at which it was asked.
    public let asked: Instant
    /// The id of the signal that asked for it.
    public let signal: String
    /// The strategy behind it.
    public let strategy: String

    /// Checks an order.
    /// - Throws: A ``TradingError`` with code `invalidPlan` when stop and target are on the wrong
    ///   sides, `invalidIdentifier` when the signal or the strategy has no name or too long a one.
    public init(
        id: OrderID,
        instrument: InstrumentID,
        side: Side,
        quantity: Quantity,
        purpose: Purpose,
        asked: Instant,
        signal: String,
        strategy: String,
        limit: Price? = nil
    ) throws(TradingError) {
        if case .entry(let plan) = purpose { try plan.check(for: side) }
        for (kind, name) in [("signal", signal), ("strategy", strategy)] {
            guard (1...Self.longestName).contains(name.utf8.count) else {
                throw TradingError(
                    .invalidIdentifier,
                    "make order \(id)",
                    "the \(kind) needs a name of at most \(Self.longestName) bytes"
                )
            }
        }
        self.id = id
        self.instrument = instrument
        self.side = side
        self.quantity = quantity
        self.purpose = purpose
        self.limit = limit
        self.asked = asked
        self.signal = signal
        self.strategy = strategy
    }

    /// The exchange's own order to close a lot.
    init(closing lot: Lot, _ reason: ExitReason, at time: Instant) {
        id = OrderID(exitOf: lot.entry, reason)
        instrument = lot.instrument
        side = lot.side.opposite
        quantity = lot.quantity
        purpose = .exit(of: lot.entry, reason)
        limit = nil
        asked = time
        signal = lot.order.signal
        strategy = lot.order.strategy
    }

    /// Whether the order opens a lot.
    public var isEntry: Bool {
        if case .entry = purpose { true } else { false }
    }
}
