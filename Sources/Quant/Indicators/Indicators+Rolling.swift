// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// The greatest value of the last `window` bars; first value at index `window - 1`.
    public static func highest(_ values: [Double], window: Int) -> [Double] {
        extreme(values, window: window) { $0 >= $1 }
    }

    /// The least value of the last `window` bars; first value at index `window - 1`.
    public static func lowest(_ values: [Double], window: Int) -> [Double] {
        extreme(values, window: window) { $0 <= $1 }
    }

    /// The mean of the last `window` bars, summed anew for each window so that nothing drifts.
    public static func mean(_ values: [Double], window: Int) -> [Double] {
        rolling(values, window: window) { $0.reduce(0, +) / Double(window) }
    }

    /// The population standard deviation (divisor `window`) of the last `window` bars, as TA-Lib's
    /// STDDEV; first value at index `window - 1`.
    public static func standardDeviation(_ values: [Double], window: Int) -> [Double] {
        rolling(values, window: window) { deviation(of: $0).deviation }
    }

    /// The distance of the last value from the window's mean in population standard deviations;
    /// missing when all values of the window are equal.
    public static func zScore(_ values: [Double], window: Int) -> [Double] {
        rolling(values, window: window) { slice in
            let (mean, deviation) = deviation(of: slice)
            guard deviation > 0, let last = slice.last else { return .nan }
            return (last - mean) / deviation
        }
    }

    /// Equal values have exactly zero deviation, whatever rounding does to their mean.
    private static func deviation(of slice: ArraySlice<Double>) -> (mean: Double, deviation: Double)
    {
        let mean = slice.reduce(0, +) / Double(slice.count)
        guard let first = slice.first, slice.contains(where: { $0 != first }) else {
            return (mean, 0)
        }
        let squares = slice.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(slice.count)).squareRoot())
    }

    /// Applies a function to each window that has no missing value.
    private static func rolling(
        _ values: [Double],
        window: Int,
        _ function: (ArraySlice<Double>) -> Double
    ) -> [Double] {
        precondition(window >= 1, "a window has at least one bar")
        var result = missing(values.count)
        var length = 0
        for index in values.indices {
            length = values[index].isNaN ? 0 : length + 1
            guard length >= window else { continue }
            result[index] = function(values[(index - window + 1)...index])
        }
        return result
    }

    /// Remembers where the extreme value lies and looks for another only when it has left.
    private static func extreme(
        _ values: [Double],
        window: Int,
        _ beats: (Double, Double) -> Bool
    ) -> [Double] {
        precondition(window >= 1, "a window has at least one bar")
        var result = missing(values.count)
        var length = 0
        var best = -1
        for index in values.indices {
            let value = values[index]
            guard !value.isNaN else {
                length = 0
                best = -1
                continue
            }
            length += 1
            let start = index - min(length, window) + 1
            if best < start {
                best = start
                for candidate in start...index where beats(values[candidate], values[best]) {
                    best = candidate
                }
            } else if beats(value, values[best]) {
                best = index
            }
            if length >= window { result[index] = values[best] }
        }
        return result
    }
}
