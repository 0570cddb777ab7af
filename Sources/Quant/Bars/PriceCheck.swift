// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What is known of the prices of a series once somebody has looked, shared by its copies.
///
/// Prices do not change, and looking at all of them takes as long as much of a backtest does.
final class PriceCheck: Sendable {
    /// Not a number as long as nobody has looked.
    private let least = Atomic(Double.nan.bitPattern)

    /// The least close of prices that are all finite; nil while that is not known.
    var leastClose: Double? {
        let value = Double(bitPattern: least.load(ordering: .relaxed))
        return value.isNaN ? nil : value
    }

    /// Remembers that all prices are finite.
    func pass(leastClose: Double) {
        least.store(leastClose.bitPattern, ordering: .relaxed)
    }
}

extension PriceCheck: Hashable {
    /// What was found out about a series is no part of it.
    static func == (left: PriceCheck, right: PriceCheck) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
