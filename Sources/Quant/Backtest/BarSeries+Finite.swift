// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels

extension BarSeries {
    /// Refuses prices that are not finite and returns the least close, infinity without bars.
    ///
    /// The bars are looked at the first time only.
    /// - Throws: A ``QuantError`` with code `badRow` that names the first such bar.
    func requireFinitePrices() throws(QuantError) -> Double {
        if let known = check.leastClose { return known }
        var leastClose = Double.infinity
        for (name, column) in [("open", open), ("high", high), ("low", low), ("close", close)] {
            var least = Double.infinity
            var greatest = 0.0
            let isFinite = column.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress, !values.isEmpty else { return true }
                return desk_range(base, values.count, &least, &greatest) != 0
            }
            guard isFinite else {
                let row = column.firstIndex { !$0.isFinite } ?? 0
                throw QuantError(
                    .badRow,
                    operation: "run backtest",
                    reason: "bar \(row + 1) of \(symbol), at \(times[row]): the \(name) is "
                        + "\(column[row]) and must be a finite number"
                )
            }
            if name == "close" { leastClose = least }
        }
        check.pass(leastClose: leastClose)
        return leastClose
    }
}
