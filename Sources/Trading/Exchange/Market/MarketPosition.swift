// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A position on a market on paper.
public struct MarketPosition: Sendable, Hashable {
    /// The lots, negative when sold short.
    public private(set) var quantity: Decimal8 = .zero
    /// What the lots were worth when they were opened or last settled, without a sign.
    public private(set) var cost: Money = .zero
    /// Of the lots, without a sign, those that were opened on this trading day.
    public private(set) var today: Decimal8 = .zero

    /// The side; nil without lots.
    public var side: Side? {
        quantity == .zero ? nil : quantity > .zero ? .buy : .sell
    }

    /// The gain since the lots were opened or last settled, when they are worth so much.
    func profit(at worth: Money) -> Money {
        quantity.isNegative ? cost - worth : worth - cost
    }

    /// Adds lots on the same side.
    mutating func add(_ lots: Decimal8, _ side: Side, worth: Money) {
        quantity += side == .buy ? lots : -lots
        cost += worth
        today += lots
    }

    /// Takes lots away and returns their gain; earlier lots go first unless only today's may.
    mutating func remove(_ lots: Decimal8, worth: Money, onlyToday: Bool) -> Money {
        let size = quantity.magnitude
        let released = cost.share(lots, of: size)
        let gain = quantity.isNegative ? released - worth : worth - released
        let fromToday = onlyToday ? lots : max(.zero, lots - (size - today))
        cost = cost - released
        quantity += quantity.isNegative ? lots : -lots
        today -= fromToday
        return gain
    }

    /// Marks the lots to what they are worth, ends the day and returns the gain.
    mutating func settle(at worth: Money) -> Money {
        let gain = profit(at: worth)
        cost = worth
        today = .zero
        return gain
    }
}
