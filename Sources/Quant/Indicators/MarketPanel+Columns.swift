// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension MarketPanel {
    /// The columns of a panel, each as long as the bars.
    public struct Columns: Sendable {
        /// The exponential averages over 20 and 50 bars.
        public let average20: [Double], average50: [Double]
        /// The three lines of moving average convergence divergence.
        public let macd: Indicators.MACDColumns
        /// The relative strength over 7 and 14 bars.
        public let strength7: [Double], strength14: [Double]
        /// The average true range over 3 and 14 bars.
        public let range3: [Double], range14: [Double]
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
        let count = close.count
        let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: columnCount * count)
        defer { memory.deallocate() }
        high.withUnsafeBufferPointer { high in
            low.withUnsafeBufferPointer { low in
                close.withUnsafeBufferPointer { close in
                    run(dialect, high: high, low: low, close: close, into: memory)
                }
            }
        }
        let parts = (0..<columnCount).map { Array(memory[($0 * count)..<(($0 + 1) * count)]) }
        return Columns(
            average20: parts[0],
            average50: parts[1],
            macd: .init(line: parts[2], signal: parts[3], histogram: parts[4]),
            strength7: parts[5],
            strength14: parts[6],
            range3: parts[7],
            range14: parts[8]
        )
    }

    /// Writes the nine columns one behind the other, in the order of ``Columns``, into memory that
    /// has room for them; over many bars, fresh memory takes longer than the columns do.
    public static func run(
        _ dialect: IndicatorDialect = .talib,
        high: UnsafeBufferPointer<Double>,
        low: UnsafeBufferPointer<Double>,
        close: UnsafeBufferPointer<Double>,
        into memory: UnsafeMutableBufferPointer<Double>
    ) {
        if InstructionFused.isPossible {
            run(dialect, InstructionFused.self, high, low, close, memory)
        } else {
            run(dialect, CheckedFused.self, high, low, close, memory)
        }
    }

    @inline(__always)
    private static func run<Method: FusedMethod>(
        _ dialect: IndicatorDialect,
        _ method: Method.Type,
        _ high: UnsafeBufferPointer<Double>,
        _ low: UnsafeBufferPointer<Double>,
        _ close: UnsafeBufferPointer<Double>,
        _ memory: UnsafeMutableBufferPointer<Double>
    ) {
        let count = close.count
        precondition(high.count == count && low.count == count, "equal lengths")
        precondition(memory.count >= columnCount * count, "the memory has room for all columns")
        guard count > 0, let memory = memory.baseAddress else { return }
        var panel = MarketPanel(dialect: dialect)
        var index = 0
        while index < count {
            let bar = BarInput(high: high[index], low: low[index], close: close[index])
            write(panel.next(bar), at: memory + index, stride: count)
            index += 1
            guard panel.isWarm, dialect == .talib else { continue }
            // Once warm, only a price that is not finite needs another look. A sum may overflow
            // without one, which takes the longer way to the same values.
            while index < count {
                let bar = BarInput(high: high[index], low: low[index], close: close[index])
                guard (bar.high + bar.low + bar.close).isFinite else { break }
                write(
                    panel.step(bar, isRatio: false, by: method),
                    at: memory + index,
                    stride: count
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
