// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Decimal8 {
    /// The decimal of eight places that a binary number stands for; nil when there is none.
    init?(exactly value: Double) {
        guard let number = Decimal8(rounding: value),
            abs(number.doubleValue - value) <= abs(value) * 0x1p-51
        else { return nil }
        self = number
    }
}
