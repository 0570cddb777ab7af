// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The average true range with Wilder's average; first value at the bar behind the `window`-th.
///
/// In FMZ's dialect the first `window` bars hold the mean of the true ranges so far. A bar with a
/// price that is not finite is skipped.
public struct AverageTrueRange: Sendable, StreamingIndicator {
    private let window: Int
    private let isEarly: Bool
    let keep: Double
    let share: Double
    private var range: TrueRange
    var average = 0.0
    private var sum = 0.0
    private var seen = 0

    /// Creates an average of so many true ranges, at least one.
    @inline(__always)
    public init(window: Int, dialect: IndicatorDialect = .talib) {
        precondition(window >= 1, "a window has at least one bar")
        self.window = window
        isEarly = dialect == .fmz
        keep = Double(window - 1) / Double(window)
        share = 1 - keep
        range = TrueRange(dialect: dialect)
    }

    /// Takes the next bar and gives the average.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        next(range: range.next(bar))
    }

    /// Takes the next true range; a missing one is skipped.
    @inline(__always)
    mutating func next(range: Double) -> Double {
        guard !range.isNaN else { return .nan }
        guard !isWarm else { return step(range: range) }
        seen += 1
        sum += range
        average = sum / Double(seen)
        return isWarm || isEarly ? average : .nan
    }

    @inline(__always)
    var isWarm: Bool { seen >= window }

    /// Takes a true range once the average is warm.
    @inline(__always)
    mutating func step<Method: FusedMethod>(
        range: Double,
        by method: Method.Type = CheckedFused.self
    ) -> Double {
        average = Method.sum(keep, average, share * range)
        return average
    }
}
