// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Whether the venue of a contract takes what is asked, and whether the account bears its margin.
extension OrderControls {
    /// The terms by which an instrument is held now; nil for what is paid in full.
    func terms(
        of instrument: InstrumentID,
        _ facts: ControlFacts
    ) throws(Refusal) -> ContractTerms? {
        do throws(TradingError) {
            let session = try market.contracts.session(
                of: instrument,
                endingAt: facts.now,
                after: nil
            )
            return session?.terms
        } catch {
            throw Refusal(.grid, error.reason)
        }
    }

    func checkGrid(
        _ request: OrderRequest,
        _ quote: Quote,
        stop: Price?,
        target: Price?,
        _ facts: ControlFacts
    ) throws(Refusal) {
        guard let contract = try terms(of: request.instrument, facts)?.contract else { return }
        let grid = contract.terms.grid
        for price in [request.price, stop, target].compactMap(\.self)
        where !grid.allows(price.value) {
            let near = [grid.quantised(price.value, .down), grid.quantised(price.value, .up)]
            throw Refusal(
                .grid,
                "\(price) is no price of \(contract.code); the nearest are \(near[0]) and "
                    + "\(near[1])"
            )
        }
        guard request.quantity.value.units % contract.terms.lot.units == 0 else {
            throw Refusal(
                .grid,
                "\(request.quantity) is no multiple of \(contract.terms.lot), the lot of "
                    + contract.code
            )
        }
        guard let least = contract.terms.leastNotional else { return }
        let worth = WideAmount(
            quote.last,
            request.quantity,
            multiplier: contract.terms.multiplier
        )
        guard worth >= WideAmount(least) else {
            throw Refusal(.grid, "\(worth.text) is less than \(least), the least value")
        }
    }

    func checkMargin(
        _ request: OrderRequest,
        _ quote: Quote,
        _ facts: ControlFacts
    ) throws(Refusal) {
        guard let terms = try terms(of: request.instrument, facts) else { return }
        let lots = request.quantity.value
        // What is beyond all reckoning, `order_notional` has refused.
        let fee = terms.fee(FilledLots(opening: lots), at: quote.last)
        let needed = terms.margin(of: terms.worth(lots, at: quote.last)) + fee
        guard needed <= facts.freeCash else {
            throw Refusal(
                .margin,
                "\(needed) is more than the free cash \(max(.zero, facts.freeCash))"
            )
        }
    }
}
