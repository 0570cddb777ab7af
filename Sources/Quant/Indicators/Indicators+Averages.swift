// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// The simple moving average; first value at index `window - 1`.
    public static func sma(_ values: [Double], window: Int) -> [Double] {
        column(SimpleAverage(window: window), over: values) { $0 }
    }

    /// The exponential moving average; first value at index `window - 1`.
    public static func ema(_ values: [Double], window: Int) -> [Double] {
        column(ExponentialAverage(window: window), over: values) { $0 }
    }

    /// The linearly weighted moving average; first value at index `window - 1`.
    public static func wma(_ values: [Double], window: Int) -> [Double] {
        column(WeightedAverage(window: window), over: values) { $0 }
    }

    /// The three columns of a moving average convergence divergence.
    public struct MACDColumns: Sendable {
        /// The fast average less the slow one.
        public let line: [Double]
        /// The exponential average of the line.
        public let signal: [Double]
        /// The line less the signal, not doubled.
        public let histogram: [Double]
    }

    /// Moving average convergence divergence.
    ///
    /// In TA-Lib's dialect all three start at index `slow + signal - 2`; in FMZ's the line starts
    /// at `slow - 1` already. `fast` must be less than `slow`.
    public static func macd(
        _ values: [Double],
        fast: Int = 12,
        slow: Int = 26,
        signal: Int = 9,
        dialect: IndicatorDialect = .talib
    ) -> MACDColumns {
        var lines = MACD(fast: fast, slow: slow, signal: signal, dialect: dialect)
        var (line, average, rest) = (missing(values.count), missing(values.count), [Double]())
        rest = line
        for index in values.indices {
            let output = lines.next(values[index])
            line[index] = output.line
            average[index] = output.signal
            rest[index] = output.histogram
        }
        return MACDColumns(line: line, signal: average, histogram: rest)
    }

    /// The relative strength index with Wilder's averages; first value at index `window`.
    public static func rsi(
        _ values: [Double],
        window: Int,
        dialect: IndicatorDialect = .talib
    ) -> [Double] {
        column(RelativeStrength(window: window, dialect: dialect), over: values) { $0 }
    }
}
