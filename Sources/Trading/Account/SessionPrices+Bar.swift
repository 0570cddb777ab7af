// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension SessionPrices {
    /// The prices of a bar, none of which may have more than eight decimals.
    /// - Throws: A ``TradingError`` with code `invalidPrice` or `invalidSession`.
    init(exactly bar: Bar) throws(TradingError) {
        func exact(_ name: String, _ value: Double) throws(TradingError) -> Decimal8 {
            guard let number = Decimal8(exactly: value) else {
                throw TradingError(
                    .invalidPrice,
                    "use the \(name) \(value) of \(bar.symbol) at \(bar.time)",
                    "it has more than eight decimals or is too large"
                )
            }
            return number
        }
        try self.init(
            open: exact("open", bar.open),
            high: exact("high", bar.high),
            low: exact("low", bar.low),
            close: exact("close", bar.close)
        )
    }

    /// The prices of a bar, rounded half to even at the eighth place.
    /// - Throws: As ``init(exactly:)``.
    init(rounding bar: Bar) throws(TradingError) {
        func rounded(_ value: Double) -> Decimal8 { Decimal8(rounding: value) ?? .zero }
        try self.init(
            open: rounded(bar.open),
            high: rounded(bar.high),
            low: rounded(bar.low),
            close: rounded(bar.close)
        )
    }
}
