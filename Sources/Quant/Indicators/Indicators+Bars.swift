// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// The true range; first value at index 1, in FMZ's dialect at index 0.
    public static func trueRange(
        high: [Double],
        low: [Double],
        close: [Double],
        dialect: IndicatorDialect = .talib
    ) -> [Double] {
        column(TrueRange(dialect: dialect), high, low, close, []) { $0 }
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
        let average = AverageTrueRange(window: window, dialect: dialect)
        return column(average, high, low, close, []) { $0 }
    }

    /// The column of one part of what an indicator of bars gives.
    @inline(__always)
    static func column<Indicator: StreamingIndicator & ~Copyable>(
        _ indicator: consuming Indicator,
        over series: BarSeries,
        part: (Indicator.Output) -> Double
    ) -> [Double] where Indicator.Input == BarInput {
        var indicator = indicator
        return series.high.withUnsafeBufferPointer { high in
            series.low.withUnsafeBufferPointer { low in
                series.close.withUnsafeBufferPointer { close in
                    series.volume.withUnsafeBufferPointer { volume in
                        column(&indicator, high, low, close, volume, part: part)
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func column<Indicator: StreamingIndicator & ~Copyable>(
        _ indicator: consuming Indicator,
        _ high: [Double],
        _ low: [Double],
        _ close: [Double],
        _ volume: [Double],
        part: (Indicator.Output) -> Double
    ) -> [Double] where Indicator.Input == BarInput {
        var indicator = indicator
        return high.withUnsafeBufferPointer { high in
            low.withUnsafeBufferPointer { low in
                close.withUnsafeBufferPointer { close in
                    volume.withUnsafeBufferPointer { volume in
                        column(&indicator, high, low, close, volume, part: part)
                    }
                }
            }
        }
    }

    /// The volume may be empty for an indicator of prices alone.
    @inline(__always)
    private static func column<Indicator: StreamingIndicator & ~Copyable>(
        _ indicator: inout Indicator,
        _ high: UnsafeBufferPointer<Double>,
        _ low: UnsafeBufferPointer<Double>,
        _ close: UnsafeBufferPointer<Double>,
        _ volume: UnsafeBufferPointer<Double>,
        part: (Indicator.Output) -> Double
    ) -> [Double] where Indicator.Input == BarInput {
        let count = close.count
        precondition(high.count == count && low.count == count, "equal lengths")
        guard !volume.isEmpty else {
            return column(
                &indicator,
                count: count,
                input: { BarInput(high: high[$0], low: low[$0], close: close[$0]) },
                part: part
            )
        }
        precondition(volume.count == count, "equal lengths")
        return column(
            &indicator,
            count: count,
            input: {
                BarInput(high: high[$0], low: low[$0], close: close[$0], volume: volume[$0])
            },
            part: part
        )
    }
}
