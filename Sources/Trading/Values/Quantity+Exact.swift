// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Quantity {
    /// The quantity that a binary number stands for.
    /// - Throws: A ``TradingError`` with code `invalidQuantity`.
    init(exactly value: Double) throws(TradingError) {
        guard let number = Decimal8(exactly: value) else {
            throw TradingError(
                .invalidQuantity,
                "use quantity \(value)",
                "it has more than eight decimals or is too large"
            )
        }
        try self.init(number)
    }
}
