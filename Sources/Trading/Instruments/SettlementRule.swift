// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How what was traded is settled.
public enum SettlementRule: Sendable, Hashable, CustomStringConvertible {
    /// Delivered against payment so many trading days after the trade.
    case delivery(days: Int)
    /// Marked each trading day to the settlement price, the average of its trades by volume.
    case dailyAverage
    /// Never; a funding payment each hour instead.
    case hourlyFunding

    /// The rule in a few words.
    public var description: String {
        switch self {
        case .delivery(let days): "T+\(days)"
        case .dailyAverage: "daily, at the volume-weighted settlement price"
        case .hourlyFunding: "funding each hour"
        }
    }
}
