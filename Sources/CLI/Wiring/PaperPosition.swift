// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// A position that a person asks about.
struct PaperPosition {
    let instrument: Instrument
    let side: Side
    let price: Price
    let quantity: Quantity

    /// What it is worth, binds and costs to enter; what the tables do not say is null.
    var figures: [InstrumentFigure] {
        get throws {
            let charges = instrument.charges
            let margin =
                charges?.marginRate == nil ? nil : try instrument.margin(price, quantity)
            let fee = charges == nil ? nil : try instrument.fee(.open, price, quantity)
            return [
                InstrumentFigure(
                    "notional",
                    "notional",
                    try instrument.notional(price, quantity).value
                ),
                InstrumentFigure("margin", "margin", margin?.value),
                InstrumentFigure("fee_open", "fee for opening", fee?.value),
            ]
        }
    }

    /// What is gained when it is left.
    func leaving(at exit: Price, isSameDay: Bool) throws -> [InstrumentFigure] {
        let effect: PositionEffect = isSameDay ? .closeToday : .close
        let profit = try instrument.profit(side, from: price, to: exit, quantity)
        let opening = try instrument.fee(.open, price, quantity)
        let closing = try instrument.fee(effect, exit, quantity)
        return [
            InstrumentFigure("fee_close", "fee for closing", closing.value),
            InstrumentFigure("profit", "profit before fees", profit.value),
            InstrumentFigure("net", "profit after fees", (profit - opening - closing).value),
        ]
    }

    /// The margins at a leverage, and where it is liquidated.
    func levered(_ leverage: Int, margin: Money?) throws -> [InstrumentFigure] {
        let own = try instrument.initialMargin(price, quantity, leverage: leverage)
        let worth = try instrument.notional(price, quantity)
        let deposit = margin ?? own
        return [
            InstrumentFigure("initial_margin", "initial margin", own.value),
            InstrumentFigure(
                "maintenance_margin",
                "maintenance margin",
                instrument.tiers?.maintenanceMargin(for: worth).value
            ),
            InstrumentFigure(
                "liquidation_price",
                "liquidated at",
                try instrument.liquidationPrice(side, price, quantity, margin: deposit)
            ),
        ]
    }

    /// The rates at a premium, and what the position receives for an hour.
    func funding(premium: Decimal8) throws -> [InstrumentFigure] {
        let rate = Instrument.fundingRate(premium: premium)
        let payment = try instrument.funding(side, quantity, oracle: price, premium: premium)
        return [
            InstrumentFigure("funding_rate_8h", "funding rate for 8 h", rate),
            InstrumentFigure("funding_rate_1h", "funding rate for 1 h", rate / Decimal8(8)),
            InstrumentFigure("funding_received", "funding received", payment.value),
        ]
    }
}
