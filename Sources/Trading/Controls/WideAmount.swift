// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// An amount in units of 10⁻⁸ that has room for any product of two decimals.
///
/// Limits are compared in it, so that no hostile number can overflow and none is rounded in favour
/// of the order.
struct WideAmount: Comparable {
    let units: Int128

    init(units: Int128) {
        self.units = units
    }

    init(_ value: Decimal8) {
        units = Int128(value.units)
    }

    /// What a quantity is worth at a price, rounded up; capped far above every limit.
    init(_ price: Price, _ quantity: Quantity, multiplier: Decimal8) {
        let scale = Int128(Decimal8.scale)
        let cap = Int128(Int64.max)
        let product = Int128(price.value.units) * Int128(quantity.value.units)
        let plain = min((product + scale - 1) / scale, cap)
        units = min((plain * Int128(multiplier.units) + scale - 1) / scale, cap)
    }

    /// Whether the amount is at most a fraction of another.
    func isAtMost(_ fraction: Decimal8, of whole: Decimal8) -> Bool {
        units * Int128(Decimal8.scale) <= Int128(fraction.units) * Int128(whole.units)
    }

    /// The amount for people; the nearest one that a decimal can hold.
    var text: String {
        Decimal8(units: Int64(clamping: units)).description
    }

    static func < (left: WideAmount, right: WideAmount) -> Bool { left.units < right.units }

    static func + (left: WideAmount, right: WideAmount) -> WideAmount {
        WideAmount(units: left.units + right.units)
    }

    static func - (left: WideAmount, right: WideAmount) -> WideAmount {
        WideAmount(units: left.units - right.units)
    }
}
