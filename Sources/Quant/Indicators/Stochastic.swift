// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The stochastic oscillator: where the close lies between the least low, 0, and the greatest
/// high, 100, of the last bars, smoothed by a simple average, and that smoothed again.
///
/// A channel without any range counts as 0. Both lines begin with the second, at the
/// `window + smoothing + signal - 2`-th bar; with a smoothing of 1 they are TA-Lib's STOCHF. A bar
/// with a price that is not finite counts as missing, and the lines start anew behind it.
public struct Stochastic: ~Copyable, StreamingIndicator {
    /// The two lines at one bar.
    public struct Output: Sendable, Hashable {
        /// The smoothed position in the channel, %K.
        public var line: Double
        /// The average of the line, %D.
        public var signal: Double
    }

    private var channel: DonchianChannel
    private var line: SimpleAverage
    private var signal: SimpleAverage

    /// Creates the indicator; each number is at least one.
    @inline(__always)
    public init(window: Int, smoothing: Int, signal: Int) {
        channel = DonchianChannel(window: window)
        line = SimpleAverage(window: smoothing)
        self.signal = SimpleAverage(window: signal)
    }

    /// Takes the next bar and gives both lines.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Output {
        let ends = channel.next(bar)
        let share = (bar.close - ends.lower) / (ends.upper - ends.lower)
        let line = line.next(ends.isFlat ? 0 : 100 * share)
        let signal = signal.next(line)
        return Output(line: signal.isNaN ? .nan : line, signal: signal)
    }
}
