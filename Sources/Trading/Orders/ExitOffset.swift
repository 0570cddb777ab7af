// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How far a stop or a target lies from the price of the entry's fill.
public enum ExitOffset: Sendable, Hashable {
    /// A share of that price.
    case share(Decimal8)
    /// A distance from it.
    case distance(Decimal8)

    /// The price above or below another; nil for one that is not above zero or too high, which
    /// is never reached.
    ///
    /// A share of a price is rounded half to even at the eighth place.
    func price(from entry: Price, isAbove: Bool) -> Price? {
        let distance =
            switch self {
            case .share(let share): entry.value * share
            case .distance(let distance): distance
            }
        // A price that cannot be is one that the market does not reach.
        return try? Price(isAbove ? entry.value + distance : entry.value - distance)
    }
}
