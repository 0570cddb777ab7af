// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What every exchange on paper asks of a position on margin, so that all of them ask the same.
extension Instrument {
    /// The margin of a position that is worth so much.
    ///
    /// A perpetual future's is its worth over the leverage, or over the highest one for that worth.
    /// Without a row that says so, it is the whole worth.
    func margin(of worth: Money, leverage: Int) -> Money {
        if let tiers {
            return Money(worth.value / Decimal8(min(leverage, tiers.highest(for: worth))))
        }
        return charges?.marginRate.map { worth.times($0) } ?? worth
    }

    /// Where a session liquidates a position that the account's value does not bear any more; nil
    /// when it goes on, and for anything but a perpetual future.
    ///
    /// The price is that of liquidation as the account stands at the open, or the open itself when
    /// it is worse, rounded to the grid against the trader.
    /// - Throws: A ``TradingError`` with code `outOfRange`.
    func liquidation(
        _ side: Side,
        _ lots: Quantity,
        equity: Money,
        in prices: SessionPrices
    ) throws(TradingError) -> Price? {
        guard tiers != nil,
            let limit = try liquidationPrice(side, prices.open, lots, margin: equity)
        else { return nil }
        let isReached = side == .buy ? prices.low.value <= limit : prices.high.value >= limit
        guard isReached else { return nil }
        let open = prices.open.value
        let worst = side == .buy ? min(open, limit) : max(open, limit)
        return try Price(terms.grid.quantised(worst, side == .buy ? .down : .up))
    }
}

extension InstrumentCharges {
    /// The fees of a fill by what its lots do to the position; no lots cost nothing.
    func fees(_ lots: FilledLots, worth: (Decimal8) -> Money) -> Money {
        let parts = [
            (PositionEffect.close, lots.closing), (.closeToday, lots.closingToday),
            (.open, lots.opening),
        ]
        return parts.reduce(.zero) { sum, part in
            guard part.1 > .zero else { return sum }
            return sum + fee(for: part.0).amount(of: worth(part.1), lots: part.1)
        }
    }
}
