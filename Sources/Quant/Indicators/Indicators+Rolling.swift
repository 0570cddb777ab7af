// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// The greatest value of the last `window` bars; first value at index `window - 1`.
    public static func highest(_ values: [Double], window: Int) -> [Double] {
        column(RollingExtreme<Greatest>(window: window), over: values) { $0 }
    }

    /// The least value of the last `window` bars; first value at index `window - 1`.
    public static func lowest(_ values: [Double], window: Int) -> [Double] {
        column(RollingExtreme<Least>(window: window), over: values) { $0 }
    }

    /// The mean of the last `window` bars; first value at index `window - 1`.
    public static func mean(_ values: [Double], window: Int) -> [Double] {
        column(RollingMoments(window: window), over: values) { $0.mean }
    }

    /// The population variance (divisor `window`) of the last `window` bars.
    public static func variance(_ values: [Double], window: Int) -> [Double] {
        column(RollingMoments(window: window), over: values) { $0.variance }
    }

    /// The population standard deviation (divisor `window`) of the last `window` bars, as TA-Lib's
    /// STDDEV; first value at index `window - 1`.
    public static func standardDeviation(_ values: [Double], window: Int) -> [Double] {
        column(RollingMoments(window: window), over: values) { $0.deviation }
    }

    /// The distance of the last value from the window's mean in population standard deviations;
    /// missing when all values of the window are equal.
    public static func zScore(_ values: [Double], window: Int) -> [Double] {
        column(RollingMoments(window: window), over: values) { $0.score }
    }

    /// The per cent of the `window` values before a bar that are less; first at index `window`.
    public static func rank(_ values: [Double], window: Int) -> [Double] {
        column(RollingRank(window: window), over: values) { $0 }
    }

    /// The correlation of two series over the last `window` bars; first value at index
    /// `window - 1`.
    public static func correlation(
        _ left: [Double],
        _ right: [Double],
        window: Int
    ) -> [Double] {
        precondition(left.count == right.count, "equal lengths")
        var correlation = RollingCorrelation(window: window)
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                column(
                    &correlation,
                    count: left.count,
                    input: { (left[$0], right[$0]) },
                    part: { $0 }
                )
            }
        }
    }

    /// One number of the least-squares line through the last `window` bars over time; first value
    /// at index `window - 1`.
    @inline(__always)
    static func line(
        _ values: [Double],
        window: Int,
        _ part: (LineFit.Output) -> Double
    ) -> [Double] {
        column(LineFit(window: window), over: values, part: part)
    }

    /// One line of Bollinger's bands; first value at index `window - 1`.
    @inline(__always)
    static func bollinger(
        _ values: [Double],
        window: Int,
        deviations: Double,
        _ part: (BollingerBands.Output) -> Double
    ) -> [Double] {
        column(BollingerBands(window: window, deviations: deviations), over: values, part: part)
    }
}
