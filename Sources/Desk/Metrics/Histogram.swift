// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Counts of measured times by size, as Prometheus keeps them.
public struct Histogram: Sendable, Hashable {
    /// The upper ends of the classes in seconds, rising; above the last is one more class.
    public let bounds: [Double]
    /// How many values fell into each class, one more than there are bounds.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum = 0.0

    /// Bounds from a millisecond to five minutes.
    public static let usualBounds = [
        0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    /// Creates an empty histogram.
    public init(bounds: [Double] = Histogram.usualBounds) {
        precondition(bounds == bounds.sorted(), "the bounds of a histogram rise")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many values were counted.
    public var count: Int { counts.reduce(0, +) }

    /// Counts a value; one that is not finite is passed over.
    public mutating func observe(_ value: Double) {
        guard value.isFinite else { return }
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
