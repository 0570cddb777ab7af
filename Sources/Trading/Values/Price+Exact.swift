// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Price {
    /// The price that a binary number stands for.
    /// - Throws: A ``TradingError`` with code `invalidPrice`.
    init(exactly value: Double) throws(TradingError) {
        guard let number = Decimal8(exactly: value) else {
            throw TradingError(
                .invalidPrice,
                "use price \(value)",
                "it has more than eight decimals or is too large"
            )
        }
        try self.init(number)
    }
}
