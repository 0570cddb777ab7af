// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What the fills of one order come to, of which a market may make several.
struct FillSum {
    /// The units together, without a sign.
    private(set) var units = 0.0
    /// The price of a single fill, or else the average by value.
    private(set) var price = 0.0
    private(set) var fee = 0.0
    /// What they add to cash, in steps.
    private(set) var change: Int128 = 0
    private var value = 0.0

    /// Adds a fill of so many units, each of which is so much money per point.
    mutating func add(_ fill: Book.Fill, of part: Double, multiplier: Double) {
        change += fill.change
        guard units > 0 else {
            (units, price, value, fee) = (abs(part), fill.price, fill.value, fill.fee)
            return
        }
        units = Execution.rest(units, -abs(part))
        value = Cash.sum(value, fill.value)
        fee = Cash.sum(fee, fill.fee)
        price = Self.average(value, units, multiplier)
    }

    /// A value over units as the paper exchange divides, or in floating point where it could not.
    private static func average(_ value: Double, _ units: Double, _ multiplier: Double) -> Double {
        let bound = 2e10
        guard value < bound, units * multiplier < bound, let exact = Decimal8(rounding: value),
            let lots = Decimal8(rounding: units), let weight = Decimal8(rounding: multiplier),
            lots * weight > .zero, value / (units * multiplier) < bound
        else { return value / (units * multiplier) }
        return (exact / (lots * weight)).doubleValue
    }
}
