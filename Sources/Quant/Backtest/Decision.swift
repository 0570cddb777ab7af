// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a strategy wants at the close of a bar, to be filled at the open of the symbol's next one.
public enum Decision: Sendable, Hashable {
    /// Where a position ends, measured from the price of its entry's fill.
    public enum Level: Sendable, Hashable {
        /// A share of that price.
        case share(Double)
        /// A distance from it.
        case distance(Double)
    }

    /// Nothing.
    case stay
    /// A position of so many units, above 0, on the strategy's side, at no worse than a limit, at
    /// which the order rests for a bar.
    case enter(units: Double, limit: Double?, stop: Level?, target: Level?)
    /// No position any more, for this reason.
    case leave(Trade.Reason)
}
