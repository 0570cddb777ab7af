// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Lot {
    /// The price of a fill that closes the lot and is worse than the market by a rate.
    func fillPrice(_ market: Price, _ slippage: Decimal8) -> Price {
        terms.fillPrice(market, side.opposite, slippage: slippage)
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
