// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The indicators of a model's view of the market, all in one pass over the bars.
///
/// Each is the same value, bit for bit, as the indicator by itself. A bar with a price that is not
/// finite is missing in all of them.
public struct MarketPanel: Sendable, StreamingIndicator {
    /// The values at one bar.
    public struct Output: Sendable, Hashable {
        /// The exponential averages over 20 and 50 bars.
        public var average20 = Double.nan, average50 = Double.nan
        /// Moving average convergence divergence over 12, 26 and 9 bars.
        public var macd = MACD.Output(line: .nan, signal: .nan, histogram: .nan)
        /// The relative strength over 7 and 14 bars.
        public var strength7 = Double.nan, strength14 = Double.nan
        /// The average true range over 3 and 14 bars.
        public var range3 = Double.nan, range14 = Double.nan
    }

    var averages = (ExponentialAverage(window: 20), ExponentialAverage(window: 50))
    var macd: MACD
    var strengths: (RelativeStrength, RelativeStrength)
    var ranges: (AverageTrueRange, AverageTrueRange)
    var close = 0.0
    private var range: TrueRange
    private let dialect: IndicatorDialect

    /// Creates the panel.
    @inline(__always)
    public init(dialect: IndicatorDialect = .talib) {
        self.dialect = dialect
        macd = MACD(dialect: dialect)
        strengths = (
            RelativeStrength(window: 7, dialect: dialect),
            RelativeStrength(window: 14, dialect: dialect)
        )
        ranges = (
            AverageTrueRange(window: 3, dialect: dialect),
            AverageTrueRange(window: 14, dialect: dialect)
        )
        range = TrueRange(dialect: dialect)
    }

    /// The longest warm-up is that of the average over 50 bars.
    @inline(__always)
    var isWarm: Bool { averages.1.isWarm }

    /// Takes the next bar and gives the values at it.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Output {
        guard bar.hasPrices else { return Output() }
        guard !isWarm else { return step(bar, isRatio: dialect == .fmz) }
        close = bar.close
        let range = range.next(bar)
        return Output(
            average20: averages.0.next(bar.close),
            average50: averages.1.next(bar.close),
            macd: macd.next(bar.close),
            strength7: strengths.0.next(bar.close),
            strength14: strengths.1.next(bar.close),
            range3: ranges.0.next(range: range),
            range14: ranges.1.next(range: range)
        )
    }

    /// Takes a bar with finite prices once everything is warm.
    @inline(__always)
    mutating func step<Method: FusedMethod>(
        _ bar: BarInput,
        isRatio: Bool,
        by method: Method.Type = CheckedFused.self
    ) -> Output {
        let change = bar.close - close
        let range = TrueRange.range(bar.high, bar.low, after: close)
        close = bar.close
        return Output(
            average20: averages.0.step(bar.close, by: method),
            average50: averages.1.step(bar.close, by: method),
            macd: macd.step(bar.close, by: method),
            strength7: strengths.0.step(change: change, isRatio: isRatio),
            strength14: strengths.1.step(change: change, isRatio: isRatio),
            range3: ranges.0.step(range: range, by: method),
            range14: ranges.1.step(range: range, by: method)
        )
    }
}
