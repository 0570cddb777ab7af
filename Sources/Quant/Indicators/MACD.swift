// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Moving average convergence divergence: a fast less a slow exponential average.
///
/// In TA-Lib's dialect the first values of both averages end on the same bar, and all three lines
/// begin with the `slow + signal - 1`-th value; in FMZ's dialect each average begins with its own
/// first values, and the line is given from the `slow`-th value on. Values that are not finite
/// count as missing and are skipped.
public struct MACD: Sendable, StreamingIndicator {
    /// The three lines at one bar.
    public struct Output: Sendable, Hashable {
        /// The fast average less the slow one.
        public var line: Double
        /// The exponential average of the line.
        public var signal: Double
        /// The line less the signal, not doubled.
        public var histogram: Double
    }

    private let isEarly: Bool
    private var skipped: Int
    var fast: ExponentialAverage
    var slow: ExponentialAverage
    var signal: ExponentialAverage

    /// Creates the indicator; `fast` must be less than `slow`.
    @inline(__always)
    public init(
        fast: Int = 12,
        slow: Int = 26,
        signal: Int = 9,
        dialect: IndicatorDialect = .talib
    ) {
        precondition(fast >= 1 && fast < slow && signal >= 1, "fast < slow, all at least 1")
        isEarly = dialect == .fmz
        skipped = isEarly ? 0 : slow - fast
        self.fast = ExponentialAverage(window: fast)
        self.slow = ExponentialAverage(window: slow)
        self.signal = ExponentialAverage(window: signal)
    }

    /// Takes the next value and gives the three lines.
    @inline(__always)
    public mutating func next(_ value: Double) -> Output {
        guard value.isFinite else {
            return Output(line: .nan, signal: .nan, histogram: .nan)
        }
        guard !isWarm else { return step(value) }
        let slow = slow.next(value)
        guard skipped == 0 else {
            skipped -= 1
            return Output(line: .nan, signal: .nan, histogram: .nan)
        }
        let line = fast.next(value) - slow
        let signal = signal.next(line)
        return Output(
            line: signal.isNaN && !isEarly ? .nan : line,
            signal: signal,
            histogram: line - signal
        )
    }

    @inline(__always)
    var isWarm: Bool { signal.isWarm }

    /// Takes a finite value once all three lines are warm.
    @inline(__always)
    mutating func step<Method: FusedMethod>(
        _ value: Double,
        by method: Method.Type = CheckedFused.self
    ) -> Output {
        let line = fast.step(value, by: method) - slow.step(value, by: method)
        let signal = signal.step(line, by: method)
        return Output(line: line, signal: signal, histogram: line - signal)
    }
}
