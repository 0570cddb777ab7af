// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One traded instrument as it is on one date.
public struct Instrument: Sendable, Hashable {
    /// The code, such as `rb2501`.
    public let code: String
    /// The month of delivery; nil for what has none.
    public let delivery: ContractCode.Delivery?
    /// The date.
    public let date: CalendarDate
    /// What it is.
    public let terms: InstrumentTerms
    /// What trading it costs; nil when no row is in force.
    public let charges: InstrumentCharges?
    /// How far it may be levered; nil for anything but a perpetual future.
    public let tiers: LeverageTiers?

    /// The row of costs.
    /// - Throws: A ``TradingError`` with code `unknownCharge`.
    public func requireCharges() throws(TradingError) -> InstrumentCharges {
        guard let charges else { throw unknown("fees") }
        return charges
    }

    /// What a quantity is worth at a price: price times units times multiplier, rounded half to
    /// even at the eighth place.
    /// - Throws: A ``TradingError`` with code `outOfRange`.
    public func notional(_ price: Price, _ quantity: Quantity) throws(TradingError) -> Money {
        let units = quantity.value.doubleValue * terms.multiplier.doubleValue
        guard units <= Quantity.largest.doubleValue,
            let worth = Money(price, try Quantity(quantity.value * terms.multiplier))
        else {
            throw TradingError(
                .outOfRange,
                "value \(quantity) of \(code) at \(price)",
                "the notional is at most \(Money.largestNotional)"
            )
        }
        return worth
    }

    /// The fee of a trade.
    /// - Throws: A ``TradingError`` with code `unknownCharge` or `outOfRange`.
    public func fee(
        _ effect: PositionEffect,
        _ price: Price,
        _ quantity: Quantity
    ) throws(TradingError) -> Money {
        let fee = try requireCharges().fee(for: effect)
        return fee.amount(of: try notional(price, quantity), lots: quantity.value)
    }

    /// The margin of a position; a perpetual future's depends on its leverage, see
    /// ``initialMargin(_:_:leverage:)``.
    /// - Throws: A ``TradingError`` with code `unknownCharge` or `outOfRange`.
    public func margin(_ price: Price, _ quantity: Quantity) throws(TradingError) -> Money {
        guard let rate = charges?.marginRate else { throw unknown("margin") }
        return try notional(price, quantity).times(rate)
    }

    /// What a position gains when the price moves, before fees.
    /// - Throws: A ``TradingError`` with code `outOfRange`.
    public func profit(
        _ side: Side,
        from entry: Price,
        to exit: Price,
        _ quantity: Quantity
    ) throws(TradingError) -> Money {
        let change = try notional(exit, quantity) - notional(entry, quantity)
        return side == .buy ? change : -change
    }

    /// Refuses a price or a quantity that the venue would refuse.
    /// - Throws: A ``TradingError`` with code `offGrid`.
    public func check(_ price: Price, _ quantity: Quantity) throws(TradingError) {
        guard terms.grid.allows(price.value) else {
            let below = terms.grid.quantised(price.value, .down)
            let above = terms.grid.quantised(price.value, .up)
            throw offGrid("price \(price)", "the nearest are \(below) and \(above)")
        }
        guard quantity.value.units % terms.lot.units == 0 else {
            throw offGrid("quantity \(quantity)", "it is a multiple of \(terms.lot)")
        }
        guard let least = terms.leastNotional else { return }
        let worth = try notional(price, quantity)
        guard worth.value >= least else {
            throw offGrid("order of \(worth)", "the least value is \(least)")
        }
    }

    private func offGrid(_ what: String, _ reason: String) -> TradingError {
        TradingError(.offGrid, "use \(what) for \(code)", reason)
    }

    private func unknown(_ what: String) -> TradingError {
        TradingError(
            .unknownCharge,
            "tell the \(what) of \(code) on \(date)",
            "no row of the tables has it"
        )
    }
}
