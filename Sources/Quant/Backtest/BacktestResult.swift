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
    /// The closed positions in the order of their exits, by symbol within one instant.
    public let trades: [Trade]
    /// The figures of the returns.
    public let metrics: Performance

    /// The change of equity from each instant to the next, one fewer than there are instants.
    ///
    /// It is 0 once equity is used up. The list is computed each time it is asked for.
    public var returns: [Double] { Self.returns(of: equity) }

    static func returns(of equity: [Double]) -> [Double] {
        guard equity.count > 1 else { return [] }
        return equity.withUnsafeBufferPointer { equity in
            [Double](unsafeUninitializedCapacity: equity.count - 1) { buffer, filled in
                for row in 0..<(equity.count - 1) {
                    let before = equity[row]
                    buffer.initializeElement(
                        at: row,
                        to: before > 0 ? equity[row + 1] / before - 1 : 0
                    )
                }
                filled = equity.count - 1
            }
        }
    }
}
