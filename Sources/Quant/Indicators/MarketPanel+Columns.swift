// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels

extension MarketPanel {
    /// The columns of a panel, each as long as the bars.
    ///
    /// They lie in one piece of memory, which lives as long as any of them.
    public struct Columns: Sendable {
        /// The exponential averages over 20 and 50 bars.
        public let average20: BarColumn<Double>, average50: BarColumn<Double>
        /// The three lines of moving average convergence divergence.
        public let macd:
            (
                line: BarColumn<Double>, signal: BarColumn<Double>, histogram: BarColumn<Double>
            )
        /// The relative strength over 7 and 14 bars.
        public let strength7: BarColumn<Double>, strength14: BarColumn<Double>
        /// The average true range over 3 and 14 bars.
        public let range3: BarColumn<Double>, range14: BarColumn<Double>
    }

    /// The number of columns that ``run(_:high:low:close:into:)`` writes.
    public static let columnCount = 9

    /// Computes all columns in one pass.
    public static func columns(
        high: [Double],
        low: [Double],
        close: [Double],
        dialect: IndicatorDialect = .talib
    ) -> Columns {
        high.withUnsafeBufferPointer { high in
            low.withUnsafeBufferPointer { low in
                close.withUnsafeBufferPointer { close in
                    columns(dialect, high, low, close)
                }
            }
        }
    }

    /// Computes all columns of some bars in one pass.
    public static func columns(
        of bars: BarSeries,
        dialect: IndicatorDialect = .talib
    ) -> Columns {
        bars.high.withUnsafeBufferPointer { high in
            bars.low.withUnsafeBufferPointer { low in
                bars.close.withUnsafeBufferPointer { close in
                    columns(dialect, high, low, close)
                }
            }
        }
    }

    private static func columns(
        _ dialect: IndicatorDialect,
        _ high: UnsafeBufferPointer<Double>,
        _ low: UnsafeBufferPointer<Double>,
        _ close: UnsafeBufferPointer<Double>
    ) -> Columns {
        let slab = NumberSlab(columns: columnCount, rows: close.count)
        run(dialect, high, low, close, slab.numbers, stride: slab.stride)
        return Columns(
            average20: slab.column(0),
            average50: slab.column(1),
            macd: (line: slab.column(2), signal: slab.column(3), histogram: slab.column(4)),
            strength7: slab.column(5),
            strength14: slab.column(6),
            range3: slab.column(7),
            range14: slab.column(8)
        )
    }

    /// Writes the nine columns one behind the other, in the order of ``Columns``, into memory that
    /// has room for them; over many bars, fresh memory takes longer than the columns do.
    ///
    /// Of memory that nobody has touched yet it asks the system for large pages, as the nine places
    /// that are written to lie far apart.
    public static func run(
        _ dialect: IndicatorDialect = .talib,
        high: UnsafeBufferPointer<Double>,
        low: UnsafeBufferPointer<Double>,
        close: UnsafeBufferPointer<Double>,
        into memory: UnsafeMutableBufferPointer<Double>
    ) {
        desk_prefer_large_pages(memory.baseAddress, memory.count * MemoryLayout<Double>.stride)
        run(dialect, high, low, close, memory, stride: close.count)
    }

    private static func run(
        _ dialect: IndicatorDialect,
        _ high: UnsafeBufferPointer<Double>,
        _ low: UnsafeBufferPointer<Double>,
        _ close: UnsafeBufferPointer<Double>,
        _ memory: UnsafeMutableBufferPointer<Double>,
        stride: Int
    ) {
        if InstructionFused.isPossible {
            run(dialect, InstructionFused.self, high, low, close, memory, stride)
        } else {
            run(dialect, CheckedFused.self, high, low, close, memory, stride)
        }
    }

    @inline(__always)
    private static func run<Method: FusedMethod>(
        _ dialect: IndicatorDialect,
        _ method: Method.Type,
        _ high: UnsafeBufferPointer<Double>,
        _ low: UnsafeBufferPointer<Double>,
        _ close: UnsafeBufferPointer<Double>,
        _ memory: UnsafeMutableBufferPointer<Double>,
        _ stride: Int
    ) {
        let count = close.count
        precondition(high.count == count && low.count == count, "equal lengths")
        precondition(memory.count >= columnCount * stride, "the memory has room for all columns")
        guard count > 0, let memory = memory.baseAddress, let highs = high.baseAddress,
            let lows = low.baseAddress, let closes = close.baseAddress
        else { return }
        var panel = MarketPanel(dialect: dialect)
        var index = 0
        // The kernel is given rows that begin at a line of the caches, as far as columns do at all.
        let phase = (64 - Int(bitPattern: memory) % 64) % 64 / 8
        while index < count {
            let bar = BarInput(high: high[index], low: low[index], close: close[index])
            write(panel.next(bar), at: memory + index, stride: stride)
            index += 1
            guard panel.isWarm, dialect == .talib else { continue }
            // Once warm, only a price that is not finite needs another look. A sum may overflow
            // without one, which takes the longer way to the same values.
            while index < count {
                if (index - phase) % kernelRows == 0 {
                    index += panel.advance(
                        highs + index,
                        lows + index,
                        closes + index,
                        count: count - index,
                        into: memory + index,
                        stride: stride
                    )
                    guard index < count else { break }
                }
                let bar = BarInput(high: high[index], low: low[index], close: close[index])
                guard (bar.high + bar.low + bar.close).isFinite else { break }
                write(
                    panel.step(bar, isRatio: false, by: method),
                    at: memory + index,
                    stride: stride
                )
                index += 1
            }
        }
    }

    @inline(__always)
    private static func write(
        _ output: Output,
        at row: UnsafeMutablePointer<Double>,
        stride: Int
    ) {
        row[0] = output.average20
        row[stride] = output.average50
        row[2 * stride] = output.macd.line
        row[3 * stride] = output.macd.signal
        row[4 * stride] = output.macd.histogram
        row[5 * stride] = output.strength7
        row[6 * stride] = output.strength14
        row[7 * stride] = output.range3
        row[8 * stride] = output.range14
    }
}
