// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The share of the `window` values before a value that are less than it, in per cent, TA-Lib's
/// PERCENTRANK; first at the value behind the `window`-th.
///
/// A value costs as many comparisons as the window is long. One that is not finite counts as
/// missing, and the window starts anew behind it.
public struct RollingRank: ~Copyable, StreamingIndicator {
    private let window: Int
    private let values: UnsafeMutablePointer<Double>
    private var place = 0
    private var seen = 0

    /// Creates a rank among so many values, at least one.
    @inline(__always)
    public init(window: Int) {
        precondition(window >= 1, "a window has at least one bar")
        self.window = window
        values = .allocate(capacity: window)
        values.initialize(repeating: 0, count: window)
    }

    deinit {
        values.deallocate()
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
            for index in 0..<window where values[index] < value { below &+= 1 }
            rank = Double(below) / Double(window) * 100
        } else {
            seen += 1
        }
        values[place] = value
        place = place + 1 == window ? 0 : place + 1
        return rank
    }
}
