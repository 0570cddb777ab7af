// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Whether the price can be trusted, and how much may be staked on it.
extension OrderControls {
    func usableQuote(_ request: OrderRequest, _ facts: ControlFacts) throws(Refusal) -> Quote {
        guard let quote = facts.quotes[request.instrument] else {
            throw Refusal(.quote, "\(request.instrument) has no price")
        }
        if quote.isCrossed {
            throw Refusal(.quote, "the bid of \(request.instrument) lies above its ask")
        }
        if quote.time > facts.now {
            throw Refusal(.dataAge, "the price is of \(quote.time), later than \(facts.now)")
        }
        try checkAge(of: quote.time, facts.now, .dataAge, "the price was made")
        if let previous = quote.previous {
            try checkDistance(quote.last, from: previous, .priceJump, "the last price")
        }
        return quote
    }

    func checkPrices(
        _ request: OrderRequest,
        _ quote: Quote,
        stop: Price?,
        target: Price?
    ) throws(Refusal) {
        if let price = request.price {
            try checkDistance(price, from: quote.last, .priceCollar, "the order's price")
        }
        let isLong = request.side == .buy
        // What rests at a better price is entered there.
        let price = request.price ?? quote.last
        let entry = isLong ? min(price, quote.last) : max(price, quote.last)
        if let stop, isLong ? stop >= entry : stop <= entry {
            throw Refusal(.planSide, "the stop \(stop) is on the wrong side of \(entry)")
        }
        if let target, isLong ? target <= entry : target >= entry {
            throw Refusal(.planSide, "the target \(target) is on the wrong side of \(entry)")
        }
        for (name, level) in [("the stop", stop), ("the target", target)] {
            if let level { try checkDistance(level, from: quote.last, .planCollar, name) }
        }
    }

    func checkSize(
        _ request: OrderRequest,
        _ quote: Quote,
        stop: Price?,
        _ facts: ControlFacts
    ) throws(Refusal) {
        let equity = facts.equity.value
        guard request.quantity.value <= limits[.orderQuantity] else {
            throw refusal(.orderQuantity, WideAmount(request.quantity.value))
        }
        let multiplier = market.multipliers[request.instrument] ?? Decimal8(1)
        let highest = max(quote.last, request.price ?? quote.last)
        let notional = WideAmount(highest, request.quantity, multiplier: multiplier)
        guard notional <= WideAmount(limits[.orderNotional]) else {
            throw refusal(.orderNotional, notional)
        }
        let sizing = (facts.sizingEquity ?? facts.equity).value
        guard notional.isAtMost(limits[.signalFraction], of: sizing) else {
            throw refusal(.signalFraction, notional, of: sizing)
        }
        let risk = self.risk(request, notional, quote, stop: stop, multiplier)
        guard risk.isAtMost(limits[.signalRisk], of: sizing) else {
            throw refusal(.signalRisk, risk, of: sizing)
        }
        let position = exposure(facts, of: request.instrument) + notional
        guard position <= WideAmount(limits[.positionNotional]) else {
            throw refusal(.positionNotional, position)
        }
        if let sector = market.sectors[request.instrument] {
            let held = facts.exposures.reduce(WideAmount(units: 0)) { sum, pair in
                market.sectors[pair.key] == sector ? sum + WideAmount(pair.value.value) : sum
            }
            guard (held + notional).isAtMost(limits[.sectorExposure], of: equity) else {
                throw refusal(.sectorExposure, held + notional, of: equity)
            }
        }
        let gross = facts.exposures.values.reduce(notional) { $0 + WideAmount($1.value) }
        guard gross.isAtMost(limits[.grossExposure], of: equity) else {
            throw refusal(.grossExposure, gross, of: equity)
        }
    }

    /// What is lost between the price and the stop; the whole notional without one.
    private func risk(
        _ request: OrderRequest,
        _ notional: WideAmount,
        _ quote: Quote,
        stop: Price?,
        _ multiplier: Decimal8
    ) -> WideAmount {
        guard let stop else { return notional }
        let remaining = WideAmount(stop, request.quantity, multiplier: multiplier)
        let difference = notional - remaining
        return WideAmount(units: Int128(difference.units.magnitude))
    }

    private func exposure(_ facts: ControlFacts, of instrument: InstrumentID) -> WideAmount {
        WideAmount((facts.exposures[instrument] ?? .zero).value)
    }

    private func checkDistance(
        _ price: Price,
        from reference: Price,
        _ limit: OrderLimit,
        _ what: String
    ) throws(Refusal) {
        let difference = WideAmount(price.value) - WideAmount(reference.value)
        let distance = WideAmount(units: Int128(difference.units.magnitude))
        guard distance.isAtMost(limits[limit], of: reference.value) else {
            throw Refusal(
                limit,
                "\(what) \(price) lies more than \(limits[limit]) of it from \(reference)"
            )
        }
    }

    private func refusal(
        _ limit: OrderLimit,
        _ found: WideAmount,
        of equity: Decimal8? = nil
    ) -> Refusal {
        let part = equity.map { " of the equity \($0)" } ?? ""
        return Refusal(limit, "\(found.text) is more than \(limits.text(of: limit))\(part)")
    }
}
