// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The linearly weighted moving average, whose last value weighs `window` and whose first weighs
/// one; first value at the `window`-th input.
///
/// The sums are carried along in TA-Lib's order and, as there, summed anew every eight windows. A
/// value that is not finite counts as missing, and the average starts anew behind it.
public struct WeightedAverage: ~Copyable, StreamingIndicator {
    private let window: Int
    private let divisor: Double
    private var weighted = 0.0
    private var sum = 0.0
    private var seen = 0
    private var untilRenewal = 0
    private var ring: Ring

    /// Creates an average of so many values, at least one.
    @inline(__always)
    public init(window: Int) {
        ring = Ring(window)
        self.window = window
        divisor = Double(window) * Double(window + 1) / 2
    }

    /// Takes the next value and gives the average.
    @inline(__always)
    public mutating func next(_ value: Double) -> Double {
        guard value.isFinite else {
            seen = 0
            return .nan
        }
        guard window > 1 else { return value }
        if seen == 0 {
            weighted = 0
            sum = 0
            untilRenewal = 8 * window
        }
        let leaving = ring[window - 1]
        ring.push(value)
        sum += value
        guard seen >= window - 1 else {
            seen += 1
            weighted += value * Double(seen)
            return .nan
        }
        if seen >= window { sum -= leaving } else { seen += 1 }
        weighted += value * Double(window)
        untilRenewal -= 1
        if untilRenewal <= 0 { renew() }
        defer { weighted -= sum }
        return weighted / divisor
    }

    private mutating func renew() {
        untilRenewal = 8 * window
        sum = 0
        weighted = 0
        for rank in 1...window {
            let value = ring[window - rank]
            sum += value
            weighted += value * Double(rank)
        }
    }
}
