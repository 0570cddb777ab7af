// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one combination of a sweep came to.
public struct SweepRow: Sendable, Hashable {
    /// The place of the combination in its grid.
    public let index: Int
    /// The values of the grid's parameters, in the order of its axes.
    public let values: [Double]
    /// The hash of the strategy bound to these values.
    public let hash: ContentHash
    /// The figures, equal to those of a backtest; the Newey-West one is left out.
    public let metrics: Performance
    /// The equity at the end.
    public let finalEquity: Double
}
