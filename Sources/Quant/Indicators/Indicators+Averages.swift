// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// The simple moving average; first value at index `window - 1`.
    ///
    /// The sum is carried along as TA-Lib does, and starts anew after a missing input.
    public static func sma(_ values: [Double], window: Int) -> [Double] {
        precondition(window >= 1, "a window has at least one bar")
        var result = missing(values.count)
        var sum = 0.0
        var length = 0
        for index in values.indices {
            let value = values[index]
            guard !value.isNaN else {
                sum = 0
                length = 0
                continue
            }
            sum += value
            length += 1
            guard length >= window else { continue }
            result[index] = sum / Double(window)
            sum -= values[index - window + 1]
        }
        return result
    }

    /// The exponential moving average with factor `2 / (window + 1)`, seeded by the mean of the
    /// first `window` present values, as in TA-Lib.
    ///
    /// Missing inputs are skipped: there is no value at them, and the average goes on behind them.
    public static func ema(_ values: [Double], window: Int) -> [Double] {
        ema(values, window: window, from: 0)
    }

    /// The exponential moving average of the inputs from an index on.
    static func ema(_ values: [Double], window: Int, from start: Int) -> [Double] {
        precondition(window >= 1, "a window has at least one bar")
        var result = missing(values.count)
        let factor = 2 / Double(window + 1)
        var average = 0.0
        var seen = 0
        for index in values.indices.dropFirst(start) where !values[index].isNaN {
            seen += 1
            if seen <= window {
                average += values[index]
                guard seen == window else { continue }
                average /= Double(window)
            } else {
                average = (values[index] - average) * factor + average
            }
            result[index] = average
        }
        return result
    }

    /// The three columns of a moving average convergence divergence.
    public struct MACD: Sendable {
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
    ) -> MACD {
        precondition(fast >= 1 && fast < slow && signal >= 1, "fast < slow, all at least 1")
        let first = values.firstIndex { !$0.isNaN } ?? 0
        let slowAverage = ema(values, window: slow, from: first)
        let seed = dialect == .talib ? slow - fast : 0
        let fastAverage = ema(values, window: fast, from: first + seed)
        var line = zip(fastAverage, slowAverage).map { $0 - $1 }
        let signalLine = ema(line, window: signal)
        let histogram = zip(line, signalLine).map { $0 - $1 }
        if dialect == .talib {
            for index in line.indices where signalLine[index].isNaN { line[index] = .nan }
        }
        return MACD(line: line, signal: signalLine, histogram: histogram)
    }
}
