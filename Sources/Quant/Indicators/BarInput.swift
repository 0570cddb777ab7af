// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The prices and the volume of one bar, as the indicators over bars take them.
public struct BarInput: Sendable, Hashable {
    /// The highest price.
    public var high: Double
    /// The lowest price.
    public var low: Double
    /// The last price.
    public var close: Double
    /// The quantity traded.
    public var volume: Double

    /// Creates the input of one bar; indicators of prices alone need no volume.
    @inline(__always)
    public init(high: Double, low: Double, close: Double, volume: Double = 0) {
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }

    /// A third of high, low and close.
    @inline(__always)
    var typicalPrice: Double { (high + low + close) / 3 }

    @inline(__always)
    var hasPrices: Bool { high.isFinite && low.isFinite && close.isFinite }
}
