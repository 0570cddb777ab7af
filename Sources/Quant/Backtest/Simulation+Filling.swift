// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What fills do to positions and cash.
extension Simulation {
    func liquidity(_ index: Int, _ row: Int) -> Liquidity {
        let volume = legs[index].volume.isEmpty ? 0 : legs[index].volume[row]
        let lot = legs[index].contract?.lot ?? book.rules.lot
        return Liquidity(
            room: book.costs.execution.room(in: volume, lot: lot),
            volume: volume,
            limits: legs[index].days?[row].limits
        )
    }

    /// Fills an entry as far as the bar has room for it; whether that was within the bar.
    mutating func enter(
        _ index: Int,
        _ prices: (open: Double, high: Double, low: Double),
        _ time: Instant,
        in bar: inout Liquidity
    ) -> Bool {
        let limit = positions[index].pendingLimit.map { limit in
            legs[index].contract?.level(limit, of: positions[index].pendingUnits, time: time)
                ?? limit
        }
        var place = (price: prices.open, isAtOpen: true)
        if let limit {
            let sign = book.rules.sign
            guard let reached = Position.resting(prices, sign: sign, limit: limit) else {
                return false
            }
            place = reached
        }
        let part = bar.take(positions[index].pendingUnits)
        guard part != 0 else { return false }
        var (fill, _) = fill(index, part, at: place.price, in: bar, time)
        if let limit, book.rules.sign * (fill.price - limit) > 0 {
            (fill, _) = self.fill(index, part, at: limit, slips: false, in: bar, time)
        }
        cash.add(fill.change)
        traded += fill.value
        positions[index].enter(part, fill, multiplier: multiplier(of: index), time: time)
        if legs[index].contract != nil { positions[index].keep(part, enteredAt: time) }
        let price = positions[index].entry.price
        let levels = [
            book.rules.stop(of: price, distance: positions[index].pendingStop),
            book.rules.target(of: price, distance: positions[index].pendingTarget),
        ].map { level in
            level.map { legs[index].contract?.level($0, of: part, time: time) ?? $0 }
        }
        positions[index].stop = levels[0]
        positions[index].target = levels[1]
        return !place.isAtOpen
    }

    func multiplier(of index: Int) -> Double {
        legs[index].contract?.multiplier ?? book.rules.multiplier
    }

    /// A fill, and of the units that it closes those of its trading day.
    private func fill(
        _ index: Int,
        _ units: Double,
        at market: Double,
        closing: ClosedPosition? = nil,
        slips: Bool = true,
        in bar: Liquidity,
        _ time: Instant
    ) -> (Book.Fill, closedToday: Double) {
        guard let contract = legs[index].contract else {
            let fill =
                slips
                ? book.fill(units, at: market, in: bar) : book.fillResting(units, at: market)
            return (fill, 0)
        }
        let fill = contract.fill(
            units,
            at: market,
            slippage: slips ? book.slippage(of: units, in: bar) : nil,
            limits: bar.limits,
            closing: closing,
            time: time
        )
        let plain = Book.Fill(
            price: fill.price,
            value: fill.value,
            fee: fill.fee,
            change: fill.change
        )
        return (plain, fill.closedToday)
    }

    /// Closes a position as far as the bar has room for it.
    mutating func close(
        _ index: Int,
        at market: Double,
        _ time: Instant,
        _ reason: Trade.Reason,
        slips: Bool = true,
        in bar: inout Liquidity
    ) {
        let position = positions[index]
        let part = bar.take(position.units)
        guard part != 0 else { return }
        let (fill, today) = fill(
            index,
            -part,
            at: market,
            closing: ClosedPosition(
                parts: position.parts,
                isAtClose: reason == .windowEnd || reason == .ruin
            ),
            slips: slips,
            in: bar,
            time
        )
        cash.add(fill.change)
        traded += fill.value
        positions[index].close(part, fill, multiplier: multiplier(of: index), ofToday: today)
        if !positions[index].isOpen { trades.append(trade(of: index, time, reason)) }
    }

    /// Closes all of a position by force.
    mutating func close(
        _ index: Int,
        at market: Double,
        _ time: Instant,
        _ reason: Trade.Reason,
        slips: Bool = true
    ) {
        var bar = Liquidity.unbounded
        close(index, at: market, time, reason, slips: slips, in: &bar)
    }

    /// What a position that was closed came to.
    private func trade(of index: Int, _ time: Instant, _ reason: Trade.Reason) -> Trade {
        let position = positions[index]
        let (entry, exit) = (position.entry, position.exit)
        return Trade(
            symbol: legs[index].symbol,
            side: side,
            quantity: entry.units,
            entryTime: position.entryTime,
            entryPrice: entry.price,
            exitTime: time,
            exitPrice: exit.price,
            bars: position.bars,
            pnl: Cash.money(entry.change + exit.change + position.funding),
            fees: Cash.sum(entry.fee, exit.fee),
            reason: reason
        )
    }
}
