// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Quant

extension SessionPrices {
    /// The prices of a bar, none of which may have more than eight decimals.
    /// - Throws: A ``TradingError`` with code `invalidPrice` or `invalidSession`.
    init(exactly bar: Bar) throws(TradingError) {
        try self.init(bar) { name, value throws(TradingError) in
            try .require(
                exactly: value,
                .invalidPrice,
                "use the \(name) \(value) of \(bar.symbol) at \(bar.time)"
            )
        }
    }

    /// The prices of a bar, rounded half to even at the eighth place.
    /// - Throws: A ``TradingError`` with code `invalidPrice` or `invalidSession`.
    public init(rounding bar: Bar) throws(TradingError) {
        try self.init(bar) { _, value in Decimal8(rounding: value) ?? .zero }
    }

    private init(
        _ bar: Bar,
        _ number: (_ name: String, _ value: Double) throws(TradingError) -> Decimal8
    ) throws(TradingError) {
        func priceIfAny(_ name: String, _ value: Double?) throws(TradingError) -> Price? {
            guard let value else { return nil }
            return try Price(number(name, value))
        }
        try self.init(
            open: number("open", bar.open),
            high: number("high", bar.high),
            low: number("low", bar.low),
            close: number("close", bar.close),
            volume: bar.volume,
            limitUp: priceIfAny("limit_up", bar.day?.limitUp),
            limitDown: priceIfAny("limit_down", bar.day?.limitDown),
            settlement: priceIfAny("settlement", bar.day?.settlement)
        )
    }
}
