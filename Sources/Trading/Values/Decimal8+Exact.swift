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

    /// The same, or a complaint about what it was to be.
    static func require(
        exactly value: Double,
        _ code: TradingError.Code,
        _ operation: String
    ) throws(TradingError) -> Decimal8 {
        guard let number = Decimal8(exactly: value) else {
            throw TradingError(code, operation, "it has more than eight decimals or is too large")
        }
        return number
    }
}

extension Quantity {
    /// The quantity that a binary number stands for.
    /// - Throws: A ``TradingError`` with code `invalidQuantity`.
    init(exactly value: Double) throws(TradingError) {
        try self.init(.require(exactly: value, .invalidQuantity, "use quantity \(value)"))
    }
}

extension Price {
    /// The price that a binary number stands for.
    /// - Throws: A ``TradingError`` with code `invalidPrice`.
    init(exactly value: Double) throws(TradingError) {
        try self.init(.require(exactly: value, .invalidPrice, "use price \(value)"))
    }
}
