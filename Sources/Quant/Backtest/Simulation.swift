// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The state of a backtest that goes from bar to bar, for any number of symbols.
struct Simulation {
    private let times: [Instant]
    private let side: Strategy.Side
    let legs: [SimulatedLeg]
    let book: Book
    var positions: [Position]
    /// The row of each symbol's next bar.
    private(set) var rows: [Int]
    var cash: Cash
    private var equity: [Double] = []
    private var trades: [Trade] = []
    private var exposedPeriods = 0
    private var traded = 0.0
    private var isRuined = false
    private let hasContracts: Bool
    /// The instant before.
    private(set) var last: Instant?

    /// Starts before the first of these instants, at which some leg has a bar.
    init(
        _ legs: [DecidedLeg],
        times: [Instant],
        side: Strategy.Side,
        rules: TradingRules,
        costs: Costs,
        capital: Double
    ) {
        self.times = times
        self.side = side
        book = Book(rules, costs: costs)
        self.legs = legs.map { SimulatedLeg($0, costs.contracts[$0.series.symbol]) }
        hasContracts = self.legs.contains { $0.contract != nil }
        positions = [Position](repeating: Position(), count: legs.count)
        rows = []
        cash = Cash(capital)
    }

    mutating func run(_ range: Range<Int>) {
        equity.reserveCapacity(range.count)
        let first = times[range.lowerBound]
        rows = legs.map { leg in leg.times.lowerBound { $0 < first } }
        for index in range {
            step(times[index], isLast: index == range.upperBound - 1)
        }
    }

    private mutating func step(_ time: Instant, isLast: Bool) {
        var isExposed = false
        for index in legs.indices {
            let row = rows[index]
            if legs[index].hasBar(row, time) { trade(index, row, time) }
            isExposed = isExposed || positions[index].wasOpen
            positions[index].wasOpen = positions[index].isOpen
        }
        if isExposed { exposedPeriods += 1 }
        if hasContracts { liquidate(at: time) }
        for index in legs.indices where legs[index].hasBar(rows[index], time) {
            positions[index].mark = legs[index].mark(rows[index])
        }
        if hasContracts { fund(through: time) }
        last = time
        if isLast { closeAll(.windowEnd, at: time) }
        var worth = netWorth
        if worth <= 0, !isRuined {
            closeAll(.ruin, at: time)
            worth = netWorth
            isRuined = true
        }
        equity.append(worth)
        for index in legs.indices where legs[index].hasBar(rows[index], time) {
            if !isLast, !isRuined { decide(index, worth) }
            rows[index] += 1
        }
    }

    private var netWorth: Double {
        var worth = cash.value
        for (index, position) in positions.enumerated() {
            let multiplier = legs[index].contract?.multiplier ?? book.rules.multiplier
            worth += position.units * multiplier * position.mark
        }
        return worth
    }

    /// Fills what was decided before and watches stop and target.
    private mutating func trade(_ index: Int, _ row: Int, _ time: Instant) {
        let open = legs[index].open[row]
        let limits = legs[index].days?[row].limits
        let sign = book.rules.sign
        if let reason = positions[index].pendingExit {
            positions[index].bars += 1
            if !legs[index].isLocked(row, buying: sign < 0) {
                close(index, at: open, time, reason, limits: limits)
            }
        } else if positions[index].pendingUnits != 0 {
            if !legs[index].isLocked(row, buying: sign > 0) {
                enter(index, at: open, time, limits)
                positions[index].bars = 1
            }
        } else if positions[index].isOpen {
            positions[index].bars += 1
        }
        if positions[index].isOpen,
            let (price, reason) = Position.triggered(
                (open, legs[index].high[row], legs[index].low[row]),
                sign: sign,
                stop: positions[index].stop,
                target: positions[index].target
            )
        {
            guard legs[index].isLocked(row, buying: sign < 0) else {
                close(index, at: price, time, reason, limits: limits)
                return
            }
            // A stop that was reached goes on at the next open, whatever the price is then.
            let isStopped = reason == .stop && positions[index].pendingExit == nil
            if isStopped { positions[index].pendingExit = .stop }
        }
    }

    private mutating func enter(
        _ index: Int,
        at open: Double,
        _ time: Instant,
        _ limits: PriceLimits<Double>?
    ) {
        let position = positions[index]
        let fill = fill(index, position.pendingUnits, at: open, limits: limits, time)
        cash.add(fill.change)
        traded += fill.value
        positions[index].open(position.pendingUnits, fill, time: time)
        let levels = [
            book.stop(of: fill.price, distance: position.pendingStop),
            book.target(of: fill.price, distance: position.pendingTarget),
        ].map { level in
            level.map {
                legs[index].contract?.level($0, of: position.pendingUnits, time: time) ?? $0
            }
        }
        positions[index].stop = levels[0]
        positions[index].target = levels[1]
    }

    private func fill(
        _ index: Int,
        _ units: Double,
        at market: Double,
        closing: ClosedPosition? = nil,
        slips: Bool = true,
        limits: PriceLimits<Double>?,
        _ time: Instant
    ) -> Book.Fill {
        guard let contract = legs[index].contract else {
            return book.fill(units, at: market, limits: limits)
        }
        let fill = contract.fill(
            units,
            at: market,
            slippage: slips ? book.costs.slippageRate : 0,
            limits: limits,
            closing: closing,
            time: time
        )
        return Book.Fill(
            price: fill.price,
            value: fill.value,
            fee: fill.fee,
            change: fill.change
        )
    }

    mutating func close(
        _ index: Int,
        at market: Double,
        _ time: Instant,
        _ reason: Trade.Reason,
        slips: Bool = true,
        limits: PriceLimits<Double>? = nil
    ) {
        let position = positions[index]
        let fill = fill(
            index,
            -position.units,
            at: market,
            closing: ClosedPosition(
                opened: position.entryTime,
                isAtClose: reason == .windowEnd || reason == .ruin
            ),
            slips: slips,
            limits: limits,
            time
        )
        cash.add(fill.change)
        traded += fill.value
        trades.append(
            Trade(
                symbol: legs[index].symbol,
                side: side,
                quantity: abs(position.units),
                entryTime: position.entryTime,
                entryPrice: position.entry.price,
                exitTime: time,
                exitPrice: fill.price,
                bars: position.bars,
                pnl: Cash.money(position.entry.change + fill.change + position.funding),
                fees: Cash.sum(position.entry.fee, fill.fee),
                reason: reason
            )
        )
        positions[index].close()
    }

    private mutating func closeAll(_ reason: Trade.Reason, at time: Instant) {
        for index in positions.indices {
            positions[index].pendingUnits = 0
            positions[index].wasOpen = false
            if positions[index].isOpen { close(index, at: positions[index].mark, time, reason) }
        }
    }

    /// Decides at the close; `worth` is the equity that sizes are shares of.
    ///
    /// What a locked market has kept from being filled waits, and nothing else is decided.
    private mutating func decide(_ index: Int, _ worth: Double) {
        let row = rows[index]
        guard positions[index].pendingExit == nil, positions[index].pendingUnits == 0 else {
            return
        }
        if positions[index].isOpen {
            if legs[index].exit[row] {
                positions[index].pendingExit = .exit
            } else if let invalidation = legs[index].invalidation, invalidation[row] {
                positions[index].pendingExit = .invalidation
            } else if let hold = book.rules.hold, positions[index].bars >= hold {
                positions[index].pendingExit = .hold
            }
        } else if legs[index].enter[row] {
            let contract = legs[index].contract
            let units = book.rules.units(
                equity: worth,
                price: legs[index].close[row],
                multiplier: contract?.multiplier ?? book.rules.multiplier,
                lot: contract?.lot ?? book.rules.lot
            )
            positions[index].pendingUnits = units * book.rules.sign
            positions[index].pendingStop = legs[index].stop?[row]
            positions[index].pendingTarget = legs[index].target?[row]
        }
    }

    /// What it came to.
    var outcome: Outcome {
        let sums = EquitySums(equity)
        return Outcome(
            equity: equity,
            sums: sums,
            trades: trades,
            traded: traded,
            exposedPeriods: exposedPeriods
        )
    }
}
