// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The commodity channel index: the distance of the typical price from its mean over the last
/// `window` bars, in terms of 0.015 times their mean distance; first value at the `window`-th bar.
///
/// Without any distance it is 0. The window is summed anew at each bar, in the order in which
/// TA-Lib keeps it. A bar with a price that is not finite counts as missing, and the window starts
/// anew behind it.
public struct CommodityChannel: ~Copyable, StreamingIndicator {
    /// A distance below this share of the prices is their rounding, as in TA-Lib.
    private static let flatness = 1e-14

    private let window: Int
    private var prices: Ring
    /// Where the next price would be written in a circle of exactly the window's size.
    private var place = 0
    private var seen = 0

    /// Creates an index over so many bars, at least one.
    @inline(__always)
    public init(window: Int) {
        precondition(window >= 1, "a window has at least one bar")
        self.window = window
        prices = Ring(window)
    }

    /// Takes the next bar and gives the index.
    @inline(__always)
    public mutating func next(_ bar: BarInput) -> Double {
        guard bar.hasPrices else {
            seen = 0
            place = 0
            return .nan
        }
        let price = bar.typicalPrice
        prices.push(price)
        place = place + 1 == window ? 0 : place + 1
        if seen < window { seen += 1 }
        guard seen == window else { return .nan }
        var mean = 0.0
        for index in 0..<window { mean += prices[ago(index)] }
        mean /= Double(window)
        var spread = 0.0
        for index in 0..<window { spread += abs(prices[ago(index)] - mean) }
        let distance = price - mean
        let least = Self.flatness * (abs(price) + abs(mean))
        guard abs(distance) > least, spread > least else { return 0 }
        return distance / (0.015 * (spread / Double(window)))
    }

    /// How many bars ago the price was that has a place in that circle.
    @inline(__always)
    private func ago(_ index: Int) -> Int {
        index < place ? place &- 1 &- index : place &- 1 &- index &+ window
    }
}
