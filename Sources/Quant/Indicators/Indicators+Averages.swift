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
        let count = values.count
        let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: 3 * count)
        defer { memory.deallocate() }
        values.withUnsafeBufferPointer { values in
            var lines = MACD(fast: fast, slow: slow, signal: signal, dialect: dialect)
            for index in 0..<count {
                let output = lines.next(values[index])
                memory[index] = output.line
                memory[count + index] = output.signal
                memory[2 * count + index] = output.histogram
            }
        }
        return MACDColumns(
            line: Array(memory[..<count]),
            signal: Array(memory[count..<(2 * count)]),
            histogram: Array(memory[(2 * count)...])
        )
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
