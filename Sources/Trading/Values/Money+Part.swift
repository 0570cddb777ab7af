// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Money {
    /// What a part of a whole, which is not zero, takes of the amount; rounded half to even at the
    /// eighth place once.
    func share(_ part: Decimal8, of whole: Decimal8) -> Money {
        let quotient = Int128.rounded(
            Int128(value.units) * Int128(part.units),
            over: Int128(whole.units)
        )
        return Money(Decimal8(units: Int64(truncatingIfNeeded: quotient)))
    }
}

extension Int128 {
    /// Divides by a positive number, half to even.
    static func rounded(_ dividend: Int128, over divisor: Int128) -> Int128 {
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        let twice = rest.magnitude * 2
        guard twice > divisor.magnitude || (twice == divisor.magnitude && whole % 2 != 0) else {
            return whole
        }
        return dividend < 0 ? whole - 1 : whole + 1
    }
}
