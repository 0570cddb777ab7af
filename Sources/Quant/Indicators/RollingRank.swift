// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The share of the `window` values before a value that are less than it, in per cent, TA-Lib's
/// PERCENTRANK; first at the value behind the `window`-th.
///
/// A value costs as many comparisons as the window is long. One that is not finite counts as
/// missing, and the window starts anew behind it.
public struct RollingRank: ~Copyable, StreamingIndicator {
    private let window: Int
    private var values: Ring
    private var seen = 0

    /// Creates a rank among so many values, at least one.
    @inline(__always)
    public init(window: Int) {
        precondition(window >= 1, "a window has at least one bar")
        self.window = window
        values = Ring(window)
    }

    /// Takes the next value and gives its rank.
    @inline(__always)
    public mutating func next(_ value: Double) -> Double {
        guard value.isFinite else {
            seen = 0
            return .nan
        }
        var rank = Double.nan
        if seen == window {
            var below = 0
            for ago in 0..<window where values[ago] < value { below &+= 1 }
            rank = Double(below) / Double(window) * 100
        } else {
            seen += 1
        }
        values.push(value)
        return rank
    }
}
