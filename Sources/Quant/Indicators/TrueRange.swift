// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The true range: the greatest of high less low and the distances of both to the last close.
///
/// First value at the second bar; in FMZ's dialect at the first, where it is high less low. A bar
/// with a price that is not finite is skipped.
public struct TrueRange: Sendable, StreamingIndicator {
    private let isEarly: Bool
    private var close = Double.nan

    /// Creates the indicator.
    @inline(__always)
    public init(dialect: IndicatorDialect = .talib) {
        isEarly = dialect == .fmz
    }

    /// Takes the next bar and gives its true range.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        guard bar.hasPrices else { return .nan }
        defer { close = bar.close }
        guard !close.isNaN else { return isEarly ? bar.high - bar.low : .nan }
        return Self.range(bar.high, bar.low, after: close)
    }

    @inline(__always)
    static func range(_ high: Double, _ low: Double, after close: Double) -> Double {
        let range = high - low
        let above = abs(high - close)
        let below = abs(low - close)
        let wider = above > range ? above : range
        return below > wider ? below : wider
    }
}
