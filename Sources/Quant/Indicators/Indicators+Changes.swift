// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Indicators {
    /// The value so many bars earlier; warm-up is that many bars.
    public static func lag(_ values: [Double], by bars: Int) -> [Double] {
        precondition(bars >= 0, "a lag looks back, never ahead")
        guard bars < values.count else { return missing(values.count) }
        return missing(bars) + values[..<(values.count - bars)]
    }

    /// The change over so many bars in per cent, TA-Lib's ROC; missing after a zero.
    public static func rateOfChange(_ values: [Double], over bars: Int) -> [Double] {
        change(values, over: bars) { $1 == 0 ? .nan : ($0 / $1 - 1) * 100 }
    }

    /// The change over so many bars, TA-Lib's MOM.
    public static func momentum(_ values: [Double], over bars: Int) -> [Double] {
        change(values, over: bars) { $0 - $1 }
    }

    /// The change since the last bar as a share of its value; missing after a zero.
    public static func returns(_ values: [Double]) -> [Double] {
        change(values, over: 1) { $1 == 0 ? .nan : $0 / $1 - 1 }
    }

    /// The natural logarithm of each value by the last; missing unless both are above 0.
    public static func logReturns(_ values: [Double]) -> [Double] {
        change(values, over: 1) { $0 > 0 && $1 > 0 ? log($0 / $1) : .nan }
    }

    @inline(__always)
    private static func change(
        _ values: [Double],
        over bars: Int,
        _ function: (Double, Double) -> Double
    ) -> [Double] {
        precondition(bars >= 1, "a change looks back at least one bar")
        var result = missing(values.count)
        for index in values.indices.dropFirst(bars) {
            result[index] = function(values[index], values[index - bars])
        }
        return result
    }
}
