// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Wilder's directional movement: the share of the true range that highs above the last high and
/// lows below the last low make up, their imbalance, and its average; all from 0 to 100.
///
/// The two indicators and their imbalance begin at the bar behind the `window`-th, the average at
/// the `2 * window`-th. Without movement the imbalance stays what it was, 0 at first, and the
/// average rests. A bar with a price that is not finite is skipped.
public struct DirectionalMovement: Sendable, StreamingIndicator {
    /// The four lines at one bar.
    public struct Output: Sendable, Hashable {
        /// The indicator of rises, +DI.
        public var plus = Double.nan
        /// The indicator of falls, -DI.
        public var minus = Double.nan
        /// The imbalance of the two, DX.
        public var imbalance = Double.nan
        /// Wilder's average of the imbalance, ADX.
        public var average = Double.nan
    }

    /// Below this a sum of the two indicators counts as none, as in TA-Lib.
    private static let zero = 1e-14

    private let window: Int
    private let count: Double
    private var bar = BarInput(high: .nan, low: .nan, close: .nan)
    private var seen = -1
    private var rises = 0.0
    private var falls = 0.0
    private var ranges = 0.0
    private var imbalance = 0.0
    private var average = 0.0

    /// Creates the indicator over so many bars, at least two.
    @inline(__always)
    public init(window: Int) {
        precondition(window >= 2, "directional movement needs at least two bars")
        self.window = window
        count = Double(window)
    }

    /// Takes the next bar and gives all lines.
    @inline(__always)
    public mutating func next(_ next: BarInput) -> Output {
        guard next.hasPrices else { return Output() }
        defer { bar = next }
        seen += 1
        guard seen > 0 else { return Output() }
        let up = next.high - bar.high
        let down = bar.low - next.low
        let range = TrueRange.range(next.high, next.low, after: bar.close)
        if seen >= window {
            rises -= rises / count
            falls -= falls / count
            ranges = ranges - ranges / count + range
        } else {
            ranges += range
        }
        if down > 0 && up < down { falls += down } else if up > 0 && up > down { rises += up }
        return seen >= window ? lines() : Output()
    }

    @inline(__always)
    private mutating func lines() -> Output {
        let plus = ranges > 0 ? 100 * (rises / ranges) : 0
        let minus = ranges > 0 ? 100 * (falls / ranges) : 0
        let both = minus + plus
        let hasMoved = both >= Self.zero
        if hasMoved { imbalance = 100 * (abs(minus - plus) / both) }
        return Output(
            plus: plus,
            minus: minus,
            imbalance: imbalance,
            average: smooth(hasMoved)
        )
    }

    @inline(__always)
    private mutating func smooth(_ hasMoved: Bool) -> Double {
        if seen >= 2 * window {
            if hasMoved { average = (average * (count - 1) + imbalance) / count }
            return average
        }
        if hasMoved { average += imbalance }
        guard seen == 2 * window - 1 else { return .nan }
        average /= count
        return average
    }
}
