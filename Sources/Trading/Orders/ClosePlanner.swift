// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Splits a wish to close lots into the orders that a venue takes.
public enum ClosePlanner {
    /// The orders that close so many lots, none of them empty.
    ///
    /// Where the exchange asks, today's and earlier lots are closed by orders of their own, first
    /// those that cost less, at equal cost the earlier ones. Elsewhere one order closes them all.
    /// More than there is, less what waiting orders have reserved, is refused: an order to close
    /// must never open the other side.
    /// - Throws: A ``TradingError`` with code `notEnoughToClose` or `invalidQuantity`.
    public static func plan(
        _ lots: Quantity,
        of held: HeldLots,
        marketplace: Marketplace,
        charges: InstrumentCharges? = nil
    ) throws(TradingError) -> [CloseLeg] {
        guard lots.value <= held.available else {
            throw TradingError(
                .notEnoughToClose,
                "close \(lots) lots",
                "\(held.available) can be closed, \(held.availableToday) of today and "
                    + "\(held.availableYesterday) of before"
            )
        }
        guard marketplace.asksForCloseToday else {
            return [CloseLeg(effect: .close, lots: lots.value)]
        }
        let isTodayCheaper = charges.map { charges in
            let (today, before) = (charges.closeToday, charges.close)
            return today.rate <= before.rate && today.perLot <= before.perLot && today != before
        }
        let today = CloseLeg(effect: .closeToday, lots: held.availableToday)
        let before = CloseLeg(effect: .close, lots: held.availableYesterday)
        var rest = lots.value
        return (isTodayCheaper == true ? [today, before] : [before, today]).compactMap { leg in
            let part = min(rest, leg.lots)
            guard part > .zero else { return nil }
            rest -= part
            return CloseLeg(effect: leg.effect, lots: part)
        }
    }
}
