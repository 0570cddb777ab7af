// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The value so many inputs earlier; missing inputs count.
public struct Lag: ~Copyable, StreamingIndicator {
    private let bars: Int
    private var seen = 0
    private var ring: Ring

    /// Creates a lag of so many inputs; 0 gives the input itself.
    @inline(__always)
    public init(bars: Int) {
        precondition(bars >= 0, "a lag looks back, never ahead")
        ring = Ring(bars + 1)
        self.bars = bars
    }

    /// Takes the next value and gives the earlier one.
    @inline(__always)
    public mutating func next(_ value: Double) -> Double {
        ring.push(value)
        guard seen >= bars else {
            seen += 1
            return .nan
        }
        return ring[bars]
    }
}
