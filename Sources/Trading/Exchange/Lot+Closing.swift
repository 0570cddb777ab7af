// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension Lot {
    /// The price of a fill that closes the lot and is worse than the market by a rate.
    func fillPrice(
        _ market: Price,
        _ slippage: Decimal8?,
        limits: PriceLimits<Price> = PriceLimits()
    ) -> Price {
        terms.fillPrice(market, side.opposite, slippage: slippage, limits: limits)
    }
}

extension Fill {
    /// The cash that an entry's fill takes or binds.
    func bound(by terms: ContractTerms) -> Money {
        (terms.contract == nil ? notional : terms.margin(of: notional)) + fee
    }
}

extension Order.Purpose {
    /// Why an exit leaves; nil for an entry.
    var reason: ExitReason? {
        if case .exit(_, let reason) = self { reason } else { nil }
    }
}
