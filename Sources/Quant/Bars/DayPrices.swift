// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a venue says of a trading day beside its bars: the settlement price and the daily limits.
///
/// A bar has them when its file names their columns; each may still be missing in a row.
public struct DayPrices: Sendable, Hashable, BitwiseCopyable {
    /// The price at which the trading day is settled; nil when it is not known.
    public let settlement: Double?
    /// The highest price of the day; nil for none.
    public let limitUp: Double?
    /// The lowest price of the day; nil for none.
    public let limitDown: Double?

    /// Nothing known.
    public static let unknown = DayPrices()

    /// Creates a day's prices without checking them; ``BarInspector`` does that.
    public init(settlement: Double? = nil, limitUp: Double? = nil, limitDown: Double? = nil) {
        self.settlement = settlement
        self.limitUp = limitUp
        self.limitDown = limitDown
    }

    /// The limits.
    public var limits: PriceLimits<Double> { PriceLimits(lower: limitDown, upper: limitUp) }

    /// The names of the columns, in the order in which they are written.
    public static let names = unknown.named.map(\.name)

    /// The prices by the names of their columns, in the order in which they are written.
    public var named: [(name: String, price: Double?)] {
        [
            (BarField.settlement.name, settlement), (BarField.limitUp.name, limitUp),
            (BarField.limitDown.name, limitDown),
        ]
    }

    /// The same with every price changed.
    func map(_ change: (Double) -> Double) -> DayPrices {
        DayPrices(
            settlement: settlement.map(change),
            limitUp: limitUp.map(change),
            limitDown: limitDown.map(change)
        )
    }
}
