// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a backtest did.
public struct BacktestResult: Sendable, Hashable {
    /// The instants of the window at which any instrument of the universe has a bar.
    public let times: [Instant]
    /// The equity at the close of each of them; the first is the capital, since nothing can be
    /// filled before the second.
    public let equity: [Double]
    /// The change of equity from each instant to the next, one fewer than there are instants; 0
    /// once equity is used up.
    public let returns: [Double]
    /// The closed positions in the order of their exits, by symbol within one instant.
    public let trades: [Trade]
    /// The figures of the returns.
    public let metrics: Performance
}
