// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// A contract as a backtest asks for it, by the terms that the paper exchange trades it by.
///
/// Days that the tables do not know are refused before a backtest begins; amounts beyond what an
/// account can hold are reckoned in floating point, since no exchange would fill them.
struct PaperContract: TradedContract {
    let instrument: InstrumentID
    let book: ContractBook
    private let first: ContractTerms

    init(_ instrument: InstrumentID, _ book: ContractBook, first: ContractTerms) {
        self.instrument = instrument
        self.book = book
        self.first = first
    }

    var multiplier: Double { first.multiplier.doubleValue }
    var lot: Double { first.lot.doubleValue }

    func fill(
        _ units: Double,
        at market: Double,
        slippage: Double?,
        limits: PriceLimits<Double>?,
        closing: ClosedPosition?,
        time: Instant
    ) -> ContractFill {
        let terms = terms(at: time)
        let side: Side = units > 0 ? .buy : .sell
        guard let exact = Self.price(market), let lots = lots(units, at: exact) else {
            return rough(units, at: market, slippage: slippage ?? 0)
        }
        let rate = slippage.flatMap { Self.decimal($0) }
        let exactLimits = PriceLimits(
            lower: limits?.lower.flatMap { Self.price($0) },
            upper: limits?.upper.flatMap { Self.price($0) }
        )
        let price = terms.fillPrice(exact, side, slippage: rate, limits: exactLimits)
        let worth = terms.worth(lots, at: price)
        let parts = parts(lots, closing, time)
        let fee = terms.fee(parts, at: price)
        let change = (side == .buy ? -worth : worth) - fee
        return ContractFill(
            price: price.value.doubleValue,
            value: worth.value.doubleValue,
            fee: fee.value.doubleValue,
            change: Int128(change.value.units),
            closedToday: parts.closingToday.doubleValue
        )
    }

    func isSettled(at time: Instant) -> Bool {
        // A day that the tables do not know was refused before.
        (try? book.session(of: instrument, endingAt: time, after: nil))?.isOver ?? false
    }

    func level(_ price: Double, of units: Double, time: Instant) -> Double {
        // A level that is no price is never reached.
        guard let exact = Self.price(price) else { return price }
        return terms(at: time).level(exact, leaving: units > 0 ? .buy : .sell).value.doubleValue
    }

    func worth(_ units: Double, at price: Double) -> Int128 {
        guard let exact = Self.price(price), let lots = lots(units, at: exact) else {
            return Self.steps(units * multiplier * price)
        }
        let worth = Int128(first.worth(lots, at: exact).value.units)
        return units < 0 ? -worth : worth
    }

    func liquidation(_ units: Double, equity: Int128, in bar: Bar) -> Double? {
        guard let contract = terms(at: bar.time).contract,
            let equity = Int64(exactly: equity), let lots = Self.quantity(units),
            // Prices that no exchange has liquidate nothing.
            let prices = try? SessionPrices(rounding: bar)
        else { return nil }
        // Nor does a position beyond what can be reckoned.
        let price = try? contract.liquidation(
            units > 0 ? .buy : .sell,
            lots,
            equity: Money(Decimal8(units: equity)),
            in: prices
        )
        return price?.value.doubleValue
    }

    func funding(_ units: Double, at price: Double, from start: Instant, to end: Instant) -> Int128
    {
        guard let price = Self.price(price), let lots = Self.quantity(units),
            // Beyond what an account can hold there is no funding either.
            let paid = try? terms(at: end).funding(
                units > 0 ? .buy : .sell,
                lots,
                at: price,
                from: start,
                to: end
            )
        else { return 0 }
        return Int128(paid.value.units)
    }

    func doubled(atLeast addition: Double) -> any TradedContract {
        let added = Decimal8(rounding: addition) ?? .zero
        let other = book.charging { fee in
            Fee(rate: max(fee.rate + fee.rate, fee.rate + added), perLot: fee.perLot + fee.perLot)
        }
        return other.traded(instrument) ?? self
    }

    private func terms(at time: Instant) -> ContractTerms {
        // A day that the tables do not know was refused before.
        (try? book.session(of: instrument, endingAt: time, after: nil))?.terms ?? first
    }

    /// What the lots of a fill do; those that are held count as today's when no trading day was
    /// over since they were opened.
    private func parts(
        _ lots: Decimal8,
        _ closing: ClosedPosition?,
        _ time: Instant
    ) -> FilledLots {
        guard let closing else { return FilledLots(opening: lots) }
        var today = Decimal8.zero
        var earlier = Decimal8.zero
        for part in closing.parts {
            // As in terms(at:).
            let session = try? book.session(of: instrument, endingAt: time, after: part.opened)
            let isToday =
                session.map { !$0.isNewDay && !(closing.isAtClose && $0.isOver) } ?? false
            let held = Self.decimal(part.units) ?? .zero
            if isToday { today += held } else { earlier += held }
        }
        return terms(at: time).closing(lots, of: HeldLots(today: today, yesterday: earlier))
    }

    /// The lots, when they are worth no more than an order may be.
    private func lots(_ units: Double, at price: Price) -> Decimal8? {
        let size = units.magnitude * multiplier
        guard size * price.value.doubleValue <= Money.largestNotional.doubleValue / 2,
            size <= Quantity.largest.doubleValue
        else { return nil }
        return Self.decimal(units.magnitude)
    }

    /// A fill beyond what any exchange would fill.
    private func rough(_ units: Double, at market: Double, slippage: Double) -> ContractFill {
        let price = market * (units > 0 ? 1 + slippage : 1 - slippage)
        let amount = units * multiplier * price
        let fee =
            amount.magnitude * first.fee.rate.doubleValue
            + units.magnitude * first.fee.perLot.doubleValue
        return ContractFill(
            price: price,
            value: amount.magnitude,
            fee: fee,
            change: Self.steps(-(amount + fee))
        )
    }

    private static func decimal(_ value: Double) -> Decimal8? { Decimal8(rounding: value) }

    private static func price(_ value: Double) -> Price? {
        // What is no price has none.
        decimal(value).flatMap { try? Price($0) }
    }

    private static func quantity(_ units: Double) -> Quantity? {
        // What is no quantity has none.
        decimal(units.magnitude).flatMap { try? Quantity($0) }
    }

    private static func steps(_ money: Double) -> Int128 {
        let bound = 1e28
        let scaled = (money * 1e8).rounded(.toNearestOrEven)
        return scaled.isNaN ? 0 : Int128(min(max(scaled, -bound), bound))
    }
}
