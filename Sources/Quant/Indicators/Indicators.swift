// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Technical indicators over whole columns, oldest first.
///
/// Every result is as long as its input. NaN means missing: during warm-up, and wherever an input
/// that the value needs is missing. The value at an index depends on no later index.
public enum Indicators {
    /// A column without any value.
    static func missing(_ count: Int) -> [Double] {
        [Double](repeating: .nan, count: count)
    }

    /// The value so many bars earlier; warm-up is that many bars.
    public static func lag(_ values: [Double], by bars: Int) -> [Double] {
        precondition(bars >= 0, "a lag looks back, never ahead")
        guard bars < values.count else { return missing(values.count) }
        return missing(bars) + values[..<(values.count - bars)]
    }

    /// The change over so many bars in per cent, TA-Lib's ROC; missing after a zero.
    public static func rateOfChange(_ values: [Double], over bars: Int) -> [Double] {
        precondition(bars >= 1, "a rate of change looks back at least one bar")
        var result = missing(values.count)
        for index in values.indices.dropFirst(bars) where values[index - bars] != 0 {
            result[index] = (values[index] / values[index - bars] - 1) * 100
        }
        return result
    }
}
