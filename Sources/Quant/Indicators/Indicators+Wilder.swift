// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// Below this a sum of average gain and loss counts as zero, as in TA-Lib.
    private static let zeroMovement = 1e-14

    /// The relative strength index with Wilder's averages; first value at index `window`.
    ///
    /// Without any movement it is 0. Missing inputs are skipped.
    public static func rsi(
        _ values: [Double],
        window: Int,
        dialect: IndicatorDialect = .talib
    ) -> [Double] {
        precondition(window >= 1, "a window has at least one bar")
        var result = missing(values.count)
        let weight = Double(window - 1)
        var gain = 0.0
        var loss = 0.0
        var seen = 0
        var previous = Double.nan
        for index in values.indices where !values[index].isNaN {
            defer { previous = values[index] }
            guard !previous.isNaN else { continue }
            let change = values[index] - previous
            seen += 1
            if seen > window {
                gain *= weight
                loss *= weight
            }
            if change < 0 { loss -= change } else { gain += change }
            guard seen >= window else { continue }
            gain /= Double(window)
            loss /= Double(window)
            result[index] = strength(gain: gain, loss: loss, dialect: dialect)
        }
        return result
    }

    private static func strength(gain: Double, loss: Double, dialect: IndicatorDialect) -> Double {
        switch dialect {
        case .talib:
            let movement = gain + loss
            return movement < zeroMovement ? 0 : 100 * (gain / movement)
        case .fmz:
            guard loss != 0 else { return 0 }
            return 100 - 100 / (1 + gain / loss)
        }
    }

    /// The true range: the greatest of high less low and the distances of both to the last close.
    ///
    /// First value at index 1; in FMZ's dialect at index 0, where it is high less low.
    public static func trueRange(
        high: [Double],
        low: [Double],
        close: [Double],
        dialect: IndicatorDialect = .talib
    ) -> [Double] {
        precondition(high.count == close.count && low.count == close.count, "equal lengths")
        var result = missing(close.count)
        if dialect == .fmz, let high = high.first, let low = low.first { result[0] = high - low }
        for index in close.indices.dropFirst() {
            let last = close[index - 1]
            var range = high[index] - low[index]
            range = max(range, abs(high[index] - last))
            result[index] = max(range, abs(low[index] - last))
        }
        return result
    }

    /// The average true range with Wilder's average; first value at index `window`.
    ///
    /// In FMZ's dialect the first `window` bars hold the mean of the true ranges so far.
    public static func atr(
        high: [Double],
        low: [Double],
        close: [Double],
        window: Int,
        dialect: IndicatorDialect = .talib
    ) -> [Double] {
        precondition(window >= 1, "a window has at least one bar")
        let ranges = trueRange(high: high, low: low, close: close, dialect: dialect)
        var result = missing(close.count)
        var average = 0.0
        var sum = 0.0
        var seen = 0
        for index in ranges.indices where !ranges[index].isNaN {
            seen += 1
            if seen <= window {
                sum += ranges[index]
                average = sum / Double(seen)
                guard seen == window || dialect == .fmz else { continue }
            } else {
                average = (average * Double(window - 1) + ranges[index]) / Double(window)
            }
            result[index] = average
        }
        return result
    }
}
