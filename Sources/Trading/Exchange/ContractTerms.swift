// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Quant

/// What one lot of an instrument is, what trading it costs, and how it is held.
///
/// An instrument is paid in full, or it is a contract on margin: then its row of the tables says
/// everything, and the rules of ``PaperMarket`` hold for it.
public struct ContractTerms: Sendable, Hashable {
    /// The units of one lot, by which a price is multiplied.
    public let multiplier: Decimal8
    /// The fee of each side of what is paid in full.
    public let fee: Fee
    /// What a quantity is a multiple of.
    public let lot: Decimal8
    /// The contract on margin; nil for what is paid in full.
    public let contract: Instrument?
    /// How far a perpetual future is levered, as far as the venue allows.
    public let leverage: Int
    /// The premium of a perpetual future's price, from which each hour's funding follows.
    public let premium: Decimal8
    /// The steps of its prices by which market orders and stops are worse, on top of a share.
    public let slippageTicks: Int

    /// Creates terms of what is paid in full; the multiplier and the lot are above zero.
    public init(
        multiplier: Decimal8 = Decimal8(1),
        lot: Decimal8 = Decimal8(1),
        fee: Fee
    ) {
        precondition(min(multiplier, lot) > .zero, "a multiplier and a lot are above zero")
        self.multiplier = multiplier
        self.lot = lot
        self.fee = fee
        contract = nil
        leverage = 1
        premium = .zero
        slippageTicks = 0
    }

    /// Takes the terms of a contract from its rows.
    /// - Throws: A ``TradingError`` with code `unknownCharge` when no row in force has its fees or
    ///   its margin.
    init(
        _ contract: Instrument,
        leverage: Int,
        premium: Decimal8,
        slippageTicks: Int = 0
    ) throws(TradingError) {
        let charges = try contract.requireCharges()
        if contract.tiers == nil {
            // Asked for its complaint alone.
            _ = try contract.margin(Price(Decimal8(1)), Quantity(contract.terms.lot))
        }
        multiplier = contract.terms.multiplier
        lot = contract.terms.lot
        fee = charges.open
        self.contract = contract
        self.leverage = leverage
        self.premium = premium
        self.slippageTicks = slippageTicks
    }

    /// The same with other fees in place of each.
    func charging(_ change: (Fee) -> Fee) -> ContractTerms {
        guard let contract else {
            return ContractTerms(multiplier: multiplier, lot: lot, fee: change(fee))
        }
        // With the rows that it was made of, a contract can be made again.
        let other = try? ContractTerms(
            contract.charging(change),
            leverage: leverage,
            premium: premium,
            slippageTicks: slippageTicks
        )
        return other ?? self
    }

    /// What so many lots are worth.
    func worth(_ lots: Decimal8, at price: Price) -> Money {
        Money(price.value * (lots * multiplier))
    }

    /// The fee of a fill.
    func fee(_ lots: FilledLots, at price: Price) -> Money {
        guard let charges = contract?.charges else {
            let all = lots.closing + lots.closingToday + lots.opening
            return fee.amount(of: worth(all, at: price), lots: all)
        }
        return charges.fees(lots) { worth($0, at: price) }
    }

    /// How the venue counts lots that close some that are held, as ``ClosePlanner`` plans it where
    /// the exchange asks, and the earlier ones first elsewhere.
    func closing(_ lots: Decimal8, of held: HeldLots) -> FilledLots {
        guard let contract else { return FilledLots(closing: lots) }
        var today = max(.zero, lots - held.yesterday)
        if contract.terms.marketplace.asksForCloseToday {
            // What is held can be closed, so there is always a plan.
            let legs = try? ClosePlanner.plan(
                Quantity(lots),
                of: held,
                marketplace: contract.terms.marketplace,
                charges: contract.charges
            )
            today = legs?.first { $0.effect == .closeToday }?.lots ?? .zero
        }
        return FilledLots(closing: lots - today, closingToday: today)
    }

    /// The price of a fill that is worse than the market by a rate and by the steps of a contract,
    /// and with no rate by nothing, though never beyond the limits of the day; a contract's is on
    /// its grid, rounded against the trader.
    func fillPrice(
        _ market: Price,
        _ side: Side,
        slippage: Decimal8?,
        limits: PriceLimits<Price>
    ) -> Price {
        limits.capped(slipped(market, side, slippage), buying: side == .buy)
    }

    private func slipped(_ market: Price, _ side: Side, _ slippage: Decimal8?) -> Price {
        let rate = slippage ?? .zero
        let moved = market.worsened(for: side, by: rate)
        guard let grid = contract?.terms.grid else { return moved }
        var models = [SlippageModel.share(rate)]
        if slippage != nil, slippageTicks > 0 { models.append(.ticks(slippageTicks)) }
        return models.reduce(market) { price, model in
            // What slips beyond the highest price stays there, as for any other instrument.
            let worse = try? model.price(
                price,
                side,
                quantity: .zero,
                volume: nil,
                grid: grid
            )
            return worse ?? moved
        }
    }

    /// A stop or a target as the venue takes it: a contract's is on its grid, rounded against the
    /// trader, so that a seller's is lower and a buyer's higher.
    func level(_ price: Price, leaving side: Side) -> Price {
        guard let grid = contract?.terms.grid else { return price }
        let rounded = grid.quantised(price.value, side == .buy ? .down : .up)
        // A price below the first step stays the first step.
        return (try? Price(max(rounded, grid.step(at: price.value)))) ?? price
    }

    /// The margin that a position needs; none for what is paid in full.
    func margin(of worth: Money) -> Money {
        contract?.margin(of: worth, leverage: leverage) ?? .zero
    }

    /// What a position receives for the whole hours between two instants; nothing for anything
    /// but a perpetual future.
    /// - Throws: A ``TradingError`` with code `outOfRange`.
    func funding(
        _ side: Side,
        _ lots: Quantity,
        at price: Price,
        from start: Instant,
        to end: Instant
    ) throws(TradingError) -> Money {
        guard let contract, contract.tiers != nil else { return .zero }
        let hours = end.wholeHours - start.wholeHours
        guard hours > 0 else { return .zero }
        let hourly = try contract.funding(side, lots, oracle: price, premium: premium)
        return Money(Decimal8(units: hourly.value.units * hours))
    }
}

extension Instant {
    /// The whole hours since 1970.
    fileprivate var wholeHours: Int64 {
        let (hours, rest) = secondsSinceEpoch.quotientAndRemainder(dividingBy: 3600)
        return rest < 0 ? hours - 1 : hours
    }
}

extension Instrument {
    /// The same instrument with other fees in place of each.
    fileprivate func charging(_ change: (Fee) -> Fee) -> Instrument {
        guard let charges else { return self }
        return Instrument(
            code: code,
            delivery: delivery,
            date: date,
            terms: terms,
            charges: InstrumentCharges(
                product: charges.product,
                marginRate: charges.marginRate,
                maintenanceRate: charges.maintenanceRate,
                open: change(charges.open),
                close: change(charges.close),
                closeToday: change(charges.closeToday),
                maker: charges.maker,
                effectiveFrom: charges.effectiveFrom,
                source: charges.source
            ),
            tiers: tiers
        )
    }
}
