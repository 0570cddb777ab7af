// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The numbers by which an engine turns decisions into positions.
struct TradingRules: Sendable, Hashable {
    /// 1 for long positions and -1 for short ones.
    let sign: Double
    /// The share of equity that a position takes.
    let size: Double
    /// The fixed number of units of a position, instead of a share.
    let units: Double?
    /// What a number of units by share is a multiple of.
    let lot: Double
    /// The money per price point and unit.
    let multiplier: Double
    /// The share of the close by which an entry must be better; nil for none.
    let limit: Double?
    /// The share of the entry price whose loss closes a position.
    let stop: Double?
    /// The share of the entry price whose gain closes a position.
    let target: Double?
    /// The bars after which a position is closed.
    let hold: Int?

    /// The units to enter with at a close, without a sign; 0 when not one lot is affordable.
    func units(equity: Double, price: Double) -> Double {
        units(equity: equity, price: price, multiplier: multiplier, lot: lot)
    }

    /// The same for an instrument with a multiplier and a lot of its own.
    func units(equity: Double, price: Double, multiplier: Double, lot: Double) -> Double {
        if let units { return units }
        let lots = (size * equity / (price * multiplier) / lot).rounded(.down)
        guard lots >= 1, lots < 0x1p53 else { return 0 }
        let units = lots * lot
        // 64155 · 0.01 is 641.55 but for its last digit, and no exchange takes that.
        return lot.rounded() == lot ? units : ExactBook.snapped(units)
    }

    /// The worst price of an entry that is decided at a close, by its share or else by its
    /// distance; nil for any price.
    func limit(of close: Double, distance: Double?) -> Double? {
        level(of: close, share: limit, distance: distance, sign: -sign)
    }

    /// The price that ends a position with a loss, by its share or else by its distance.
    func stop(of entry: Double, distance: Double?) -> Double? {
        level(of: entry, share: stop, distance: distance, sign: -sign)
    }

    /// The price that ends a position with a gain, by its share or else by its distance.
    func target(of entry: Double, distance: Double?) -> Double? {
        level(of: entry, share: target, distance: distance, sign: sign)
    }

    private func level(
        of price: Double,
        share: Double?,
        distance: Double?,
        sign: Double
    ) -> Double? {
        if let share {
            return ExactBook.level(price, share: share, sign: sign) ?? price * (1 + sign * share)
        }
        return distance.map { distance in
            ExactBook.level(price, distance: distance, sign: sign) ?? price + sign * distance
        }
    }
}
