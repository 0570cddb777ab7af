// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How predictable a simulated market is made.
///
/// On the session after a bar whose internal bar strength, (close - low) / (high - low), is b, the
/// expected return from open to close is `strength · σ · (1 - 2b)`, σ being that session's
/// volatility. So at strength 0.3 a purchase at the open after a close at the low of the day gains
/// 0.3 σ on average, one after a close at the high loses as much. The way from a close to the next
/// open is never predictable, and nothing else is planted.
public struct PlantedEdge: Sendable, Hashable {
    /// The expected return in standard deviations of a session at the ends of the range.
    public let strength: Double

    /// A market in which no return can be predicted.
    public static let none = PlantedEdge(strength: 0)
    /// A market in which a reversal strategy stands out within a few years.
    public static let strong = PlantedEdge(strength: 0.3)

    /// Creates an edge; its strength is from -1 to 1, below 0 for a trend.
    public init(strength: Double) {
        precondition((-1...1).contains(strength), "the strength of an edge is from -1 to 1")
        self.strength = strength
    }
}
