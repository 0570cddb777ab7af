// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A split or a dividend, by which prices before it are made comparable with those behind it.
public struct CorporateAction: Sendable, Hashable {
    /// What happened.
    public enum Kind: Sendable, Hashable {
        /// One share became so many; below one for a reverse split.
        case split(ratio: Double)
        /// So much money was paid for each share.
        case dividend(amount: Double)
    }

    /// The first day on which the shares traded without it.
    public let date: CalendarDate
    /// What happened.
    public let kind: Kind

    /// Creates an action.
    public init(date: CalendarDate, kind: Kind) {
        self.date = date
        self.kind = kind
    }
}

extension BarSeries {
    /// The series with the prices before each action scaled, and the volumes before each split.
    ///
    /// A split divides earlier prices by its ratio and multiplies earlier volumes by it. A dividend
    /// multiplies earlier prices by 1 − amount / last close before it, as traded. Actions of one
    /// day are applied in the order given. Those behind the last bar, or with no bar before them,
    /// change nothing.
    /// - Throws: A ``QuantError`` with code `badParameter` for a ratio that is not positive, or a
    ///   dividend that is negative or not below the close before it.
    public func adjusted(for actions: [CorporateAction]) throws(QuantError) -> BarSeries {
        var prices = [Double](repeating: 1, count: count + 1)
        var volumes = prices
        for action in actions {
            let index = firstIndex(atOrAfter: Instant(action.date))
            let close = index > 0 ? self.close[index - 1] : 0
            let price = try action.factor(close: close, symbol: symbol, hasBars: index > 0)
            guard index > 0, index < count else { continue }
            // Kept with the last bar that it concerns, and carried back below.
            prices[index - 1] *= price
            if case .split(let ratio) = action.kind { volumes[index - 1] *= ratio }
        }
        for index in (0..<count).reversed() {
            prices[index] *= prices[index + 1]
            volumes[index] *= volumes[index + 1]
        }
        func scaled(_ column: BarColumn<Double>, _ factors: [Double]) -> BarColumn<Double> {
            BarColumn(zip(column, factors).map { $0 * $1 })
        }
        return BarSeries(
            symbol: symbol,
            times: times,
            open: scaled(open, prices),
            high: scaled(high, prices),
            low: scaled(low, prices),
            close: scaled(self.close, prices),
            volume: scaled(volume, volumes),
            days: days.map { days in
                BarColumn(zip(days, prices).map { day, factor in day.map { $0 * factor } })
            }
        )
    }
}

extension CorporateAction {
    /// What earlier prices are multiplied by.
    fileprivate func factor(
        close: Double,
        symbol: Symbol,
        hasBars: Bool
    ) throws(QuantError) -> Double {
        let reason: String
        switch kind {
        case .split(let ratio):
            if ratio > 0, ratio < .infinity { return 1 / ratio }
            reason = "the split of \(date) has the ratio \(ratio), which must be above zero"
        case .dividend(let amount):
            if amount >= 0, amount < close || (!hasBars && amount < .infinity) {
                return hasBars ? 1 - amount / close : 1
            }
            reason = "the dividend \(amount) of \(date) is not from 0 to the close before, \(close)"
        }
        throw QuantError(.badParameter, operation: "adjust bars of \(symbol)", reason: reason)
    }
}
