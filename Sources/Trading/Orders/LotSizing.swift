// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How many lots may be bought or sold for a risk.
public enum LotSizing {
    /// The most whole lots whose loss from entry to stop, with the fees of both sides, is at most
    /// the risk and whose margin is at most the cash; zero when not one lot fits.
    ///
    /// Without a stop the whole value may be lost.
    /// - Throws: A ``TradingError`` with code `invalidPlan` when entry and stop are equal,
    ///   `unknownCharge` when the tables lack margin or fees, or `outOfRange`.
    public static func lots(
        of instrument: Instrument,
        entry: Price,
        stop: Price?,
        risk: Money,
        cash: Money,
        leverage: Int = 1
    ) throws(TradingError) -> Decimal8 {
        guard entry != stop else {
            throw TradingError(.invalidPlan, "size \(instrument.code)", "the stop is the entry")
        }
        let lot = try Quantity(instrument.terms.lot)
        let worth = try instrument.notional(entry, lot)
        var loss = worth
        if let stop {
            let side: Side = stop < entry ? .buy : .sell
            loss = try -instrument.profit(side, from: entry, to: stop, lot)
        }
        let fees =
            try instrument.fee(.open, entry, lot) + instrument.fee(.close, stop ?? entry, lot)
        let margin =
            instrument.tiers == nil
            ? try instrument.margin(entry, lot) : instrument.margin(of: worth, leverage: leverage)
        let byRisk = count(of: loss + fees, in: risk)
        let byCash = count(of: margin + fees, in: cash)
        let lots = min(byRisk, byCash)
        let most = Quantity.largest.units / lot.value.units
        return Decimal8(units: min(lots, most) * lot.value.units)
    }

    private static func count(of part: Money, in whole: Money) -> Int64 {
        guard part > .zero else { return .max }
        return max(0, whole.value.units / part.value.units)
    }
}
