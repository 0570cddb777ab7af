// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The bars of one symbol where they lie, and the window of them that is traded.
struct Market {
    let open: UnsafePointer<Double>
    let high: UnsafePointer<Double>
    let low: UnsafePointer<Double>
    let close: UnsafePointer<Double>
    /// Whether every close is above 0.
    let hasOnlyPositiveCloses: Bool
    /// The number of bars.
    let count: Int
    /// The first row of the window.
    let first: Int
    /// The last row of the window, at whose close every position is closed.
    let last: Int

    /// Lends the bars of a series; the window must not be empty.
    static func with<Result>(
        _ series: BarSeries,
        hasOnlyPositiveCloses: Bool,
        window: Range<Int>,
        _ body: (Market) -> Result
    ) -> Result {
        precondition(!window.isEmpty && window.upperBound <= series.count, "a window of the bars")
        func lend(
            _ column: BarColumn<Double>,
            _ body: (UnsafePointer<Double>) -> Result
        ) -> Result {
            column.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else {
                    preconditionFailure("a window that is not empty has bars")
                }
                return body(base)
            }
        }
        return lend(series.open) { open in
            lend(series.high) { high in
                lend(series.low) { low in
                    lend(series.close) { close in
                        body(
                            Market(
                                open: open,
                                high: high,
                                low: low,
                                close: close,
                                hasOnlyPositiveCloses: hasOnlyPositiveCloses,
                                count: series.count,
                                first: window.lowerBound,
                                last: window.upperBound - 1
                            )
                        )
                    }
                }
            }
        }
    }
}
