// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The money flow index: the turnover of bars whose typical price rose as a share of that of all
/// bars whose price moved, over the last `window` changes, in per cent.
///
/// First value at the bar behind the `window`-th; 0 without any flow. A bar with a price or a
/// volume that is not finite counts as missing, and the window starts anew behind it.
public struct MoneyFlow: ~Copyable, StreamingIndicator {
    /// A change below this share of the prices is their rounding, as in TA-Lib.
    private static let flatness = 1e-14

    private let window: Int
    private var price = Double.nan
    private var rises = 0.0
    private var falls = 0.0
    private var seen = 0
    private var still = 0
    /// The flows of the window, those of falls with a negative sign.
    private var ring: Ring

    /// Creates an index over so many changes, at least one.
    @inline(__always)
    public init(window: Int) {
        ring = Ring(window)
        self.window = window
    }

    /// Takes the next bar and gives the index.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        guard bar.hasPrices, bar.volume.isFinite else {
            reset()
            return .nan
        }
        let last = price
        price = bar.typicalPrice
        guard !last.isNaN else { return .nan }
        if seen == window { remove(ring[window - 1]) } else { seen += 1 }
        let change = price - last
        let hasMoved = abs(change) > Self.flatness * (abs(price) + abs(last))
        let flow = hasMoved ? price * bar.volume : 0
        if change < 0 { falls += flow } else { rises += flow }
        ring.push(change < 0 ? -flow : flow)
        still = flow == 0 ? still + 1 : 0
        if still >= window {
            rises = 0
            falls = 0
        }
        guard seen == window else { return .nan }
        let total = rises + falls
        return total > 0 ? 100 * (min(max(rises, 0), total) / total) : 0
    }

    @inline(__always)
    private mutating func remove(_ flow: Double) {
        if flow < 0 { falls += flow } else { rises -= flow }
    }

    private mutating func reset() {
        price = .nan
        rises = 0
        falls = 0
        seen = 0
        still = 0
    }
}
