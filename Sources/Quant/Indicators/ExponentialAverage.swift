// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The exponential moving average with factor `2 / (window + 1)`, seeded by the mean of the first
/// `window` values.
///
/// A value that is not finite counts as missing: there is no average at it, and the average goes
/// on behind it. Each step multiplies and adds with one rounding, as TA-Lib does since 0.8.
public struct ExponentialAverage: Sendable, StreamingIndicator {
    private let window: Int
    let factor: Double
    var average = 0.0
    private var seen = 0

    /// Creates an average of that window, at least one.
    @inline(__always)
    public init(window: Int) {
        precondition(window >= 1, "a window has at least one bar")
        self.window = window
        factor = 2 / Double(window + 1)
    }

    /// Takes the next value and gives the average.
    @inline(__always)
    public mutating func next(_ value: Double) -> Double {
        guard value.isFinite else { return .nan }
        guard !isWarm else { return step(value) }
        seen += 1
        average += value
        guard isWarm else { return .nan }
        average /= Double(window)
        return average
    }

    @inline(__always)
    var isWarm: Bool { seen >= window }

    /// Takes a finite value once the average is warm.
    @inline(__always)
    mutating func step<Method: FusedMethod>(
        _ value: Double,
        by method: Method.Type = CheckedFused.self
    ) -> Double {
        average = Method.sum(value - average, factor, average)
        return average
    }
}
