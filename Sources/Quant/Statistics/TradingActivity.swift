// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What the trades behind a series of returns add to its figures.
public struct TradingActivity: Sendable, Hashable {
    /// The number of closed positions.
    public let trades: Int
    /// The share of trades that gained after costs; nil without trades.
    public let winRate: Double?
    /// The sum of gains over the sum of losses, after costs; nil without losses.
    public let profitFactor: Double?
    /// The share of periods in which a position was open.
    public let exposure: Double?
    /// The value traded per year, entries and exits, over the mean equity.
    public let turnover: Double?

    /// Sums up trades by their gains after costs.
    public init(gains: [Double], exposure: Double?, turnover: Double?) {
        trades = gains.count
        let won = gains.filter { $0 > 0 }
        let lost = gains.filter { $0 < 0 }.reduce(0, -)
        winRate = gains.isEmpty ? nil : Double(won.count) / Double(gains.count)
        profitFactor = lost > 0 ? finite(won.reduce(0, +) / lost) : nil
        self.exposure = finite(exposure)
        self.turnover = finite(turnover)
    }
}
