// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How far a perpetual future may be levered, by the value of the position.
public struct LeverageTiers: Sendable, Hashable {
    /// The product.
    public let product: String
    /// The decimals of a quantity.
    public let sizeDecimals: Int
    /// The highest leverage of a position of ordinary value.
    public let highest: Int
    /// The value above which another leverage is the highest; nil for none.
    public let threshold: Decimal8?
    /// That leverage.
    public let highestAbove: Int
    /// The first date on which the row holds.
    public let effectiveFrom: CalendarDate
    /// Where the row is from.
    public let source: String

    /// The highest leverage of a position that is worth so much.
    public func highest(for notional: Money) -> Int {
        guard let threshold, notional.value > threshold else { return highest }
        return highestAbove
    }

    /// The value over the margin at which a position is liquidated: twice the highest leverage.
    public func maintenanceLeverage(for notional: Money) -> Int { 2 * highest(for: notional) }

    /// The margin below which a position is liquidated, half of the initial one at the highest
    /// leverage, rounded half to even at the eighth place.
    public func maintenanceMargin(for notional: Money) -> Money {
        Money(notional.value / Decimal8(maintenanceLeverage(for: notional)))
    }
}
