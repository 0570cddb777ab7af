// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The simple moving average; first value at the `window`-th input.
///
/// The sum is carried along in TA-Lib's order. A value that is not finite counts as missing, and
/// the average starts anew behind it.
public struct SimpleAverage: ~Copyable, StreamingIndicator {
    private let warmUp: Int
    private let divisor: Double
    private var sum = 0.0
    private var seen = 0
    private var ring: Ring

    /// Creates an average of so many values, at least one.
    @inline(__always)
    public init(window: Int) {
        ring = Ring(window)
        warmUp = window - 1
        divisor = Double(window)
    }

    /// Takes the next value and gives the average.
    @inline(__always)
    public mutating func next(_ value: Double) -> Double {
        guard value.isFinite else {
            sum = 0
            seen = 0
            return .nan
        }
        ring.push(value)
        sum += value
        guard seen >= warmUp else {
            seen += 1
            return .nan
        }
        let total = sum
        sum -= ring[warmUp]
        return total / divisor
    }
}
