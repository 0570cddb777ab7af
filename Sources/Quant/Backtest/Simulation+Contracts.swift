// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a venue does to positions in contracts between their fills.
extension Simulation {
    /// Closes the positions in contracts that the equity at this instant's opens does not bear.
    mutating func liquidate(at time: Instant) {
        for index in legs.indices {
            let row = rows[index]
            guard let contract = legs[index].contract, positions[index].isOpen,
                legs[index].hasBar(row, time)
            else { continue }
            let price = contract.liquidation(
                positions[index].units,
                equity: equityAtOpens(time),
                in: legs[index].bar(row)
            )
            guard let price else { continue }
            close(index, at: price, time, .liquidation, slips: false)
            positions[index].wasOpen = false
        }
    }

    /// Cash and positions at the opens of an instant, in steps.
    private func equityAtOpens(_ time: Instant) -> Int128 {
        legs.indices.reduce(cash.steps) { sum, index in
            let position = positions[index]
            guard position.isOpen else { return sum }
            let hasBar = legs[index].hasBar(rows[index], time)
            let price = hasBar ? legs[index].open[rows[index]] : position.mark
            let worth =
                legs[index].contract?.worth(position.units, at: price)
                ?? Cash.steps(position.units * book.rules.multiplier * price)
            return sum + worth
        }
    }

    /// Pays funding since the instant before.
    mutating func fund(through time: Instant) {
        guard let last else { return }
        for index in legs.indices where positions[index].isOpen {
            guard let contract = legs[index].contract else { continue }
            let position = positions[index]
            let paid = contract.funding(position.units, at: position.mark, from: last, to: time)
            cash.add(paid)
            positions[index].funding += paid
        }
    }
}
