// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How a market takes orders, beside prices and fees: how much, how late, and at what impact.
///
/// The backtester and the paper exchange ask here, so that both fill the same units at the same
/// prices. It holds for what a strategy decides and for stops and targets; what the venue or a halt
/// closes by force is closed at once and as a whole.
public struct Execution: Sendable, Hashable {
    /// Everything at once, at the next open.
    public static let immediate = Execution()

    /// The most that one's own fills may be of a bar's volume, above 0 and at most 1; nil for no
    /// bound.
    ///
    /// A bar without a volume fills nothing then.
    public let volumeShare: Double?
    /// The bars more that an order needs to reach the market, at most 1,000.
    public let latency: Int
    /// The share of the price by which a fill of all the volume is worse, from 0 to 1; a smaller
    /// fill is worse by its part of that, and without a volume by nothing.
    public let impact: Double

    /// Describes a market; whoever runs with it asks for its ``fault``.
    public init(volumeShare: Double? = nil, latency: Int = 0, impact: Double = 0) {
        self.volumeShare = volumeShare
        self.latency = latency
        self.impact = impact
    }

    /// What is out of range; nil when nothing is.
    public var fault: String? {
        if let volumeShare, !(volumeShare > 0 && volumeShare <= 1) {
            return "the share of the volume must be above 0 and at most 1"
        }
        guard (0...1_000).contains(latency) else { return "the latency must be 0 to 1000 bars" }
        return (0...1).contains(impact) ? nil : "the impact must be from 0 to 1"
    }

    /// Whether fills depend on the volume of their bars.
    var needsVolume: Bool { volumeShare != nil || impact > 0 }

    /// The units that one's own fills may take of a bar, in whole lots.
    public func room(in volume: Double, lot: Double) -> Double {
        guard let volumeShare else { return .infinity }
        return Self.rounded((volumeShare * volume / lot).rounded(.down) * lot)
    }

    /// The share of the price by which a fill is worse: a rate and what it moves the market by.
    public func slippage(_ rate: Double, units: Double, of volume: Double) -> Double {
        guard impact > 0, volume > 0 else { return rate }
        return min(0.99, Self.rounded(rate + impact * min(1, abs(units) / volume)))
    }

    /// What is left of units when some are taken away.
    ///
    /// All of them leave nothing, and from nothing they are what they are, however many decimals
    /// they have.
    static func rest(_ units: Double, _ part: Double) -> Double {
        if units == part { return 0 }
        return units == 0 || part == 0 || !units.isFinite ? units - part : rounded(units - part)
    }

    /// The nearest number of eight decimals; one beyond all exact numbers stays as it is.
    private static func rounded(_ value: Double) -> Double {
        abs(value) < 0x1p53 / 1e8 ? (value * 1e8).rounded(.toNearestOrEven) / 1e8 : value
    }
}
