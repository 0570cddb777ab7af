// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The state of a backtest that goes from bar to bar, for any number of symbols.
struct Simulation {
    private let times: [Instant]
    let side: Strategy.Side
    let legs: [SimulatedLeg]
    let book: Book
    var positions: [Position]
    /// The row of each symbol's next bar.
    private(set) var rows: [Int]
    var cash: Cash
    private var equity: [Double] = []
    var trades: [Trade] = []
    private var exposedPeriods = 0
    var traded = 0.0
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
        self.legs = legs.map {
            SimulatedLeg(
                $0,
                costs.contracts[$0.series.symbol],
                hasVolume: costs.execution.needsVolume
            )
        }
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
            worth += position.units * multiplier(of: index) * position.mark
        }
        return worth
    }

    /// Fills what was decided before and watches stop and target.
    private mutating func trade(_ index: Int, _ row: Int, _ time: Instant) {
        let open = legs[index].open[row]
        let sign = book.rules.sign
        var bar = liquidity(index, row)
        let isAtMarket = positions[index].arrive()
        let isLocked = legs[index].isLocked(row, buying: sign < 0)
        if positions[index].isOpen { positions[index].bars += 1 }
        if isAtMarket, let reason = positions[index].pendingExit {
            if !isLocked { close(index, at: open, time, reason, in: &bar) }
            return
        }
        let prices = (open: open, high: legs[index].high[row], low: legs[index].low[row])
        var isEnteredWithin = false
        if isAtMarket, positions[index].pendingUnits != 0 {
            if !legs[index].isLocked(row, buying: sign > 0) {
                isEnteredWithin = enter(index, prices, time, in: &bar)
            }
            // An order at a limit is good for one bar.
            if positions[index].pendingLimit != nil { positions[index].takeBackEntry() }
        }
        guard positions[index].isOpen,
            let (price, reason) = Position.triggered(
                prices,
                sign: sign,
                stop: positions[index].stop,
                target: positions[index].target,
                isEnteredWithin: isEnteredWithin
            )
        else { return }
        // What is left of the entry is taken back.
        positions[index].takeBackEntry()
        if !isLocked { close(index, at: price, time, reason, in: &bar) }
        // What is left of a stop goes on at the next open, whatever the price is then.
        guard reason == .stop, positions[index].isOpen else { return }
        positions[index].pendingExit = .stop
        positions[index].delay = 0
    }

    private mutating func closeAll(_ reason: Trade.Reason, at time: Instant) {
        for index in positions.indices {
            positions[index].takeBackEntry()
            positions[index].wasOpen = false
            if positions[index].isOpen { close(index, at: positions[index].mark, time, reason) }
        }
    }

    /// Decides at the close; `worth` is the equity that sizes are shares of.
    ///
    /// What the market has not filled yet waits, and nothing else is decided; but a position of
    /// which a part is held can be left, and then the rest of its entry is taken back.
    private mutating func decide(_ index: Int, _ worth: Double) {
        let row = rows[index]
        guard positions[index].pendingExit == nil else { return }
        if positions[index].isOpen {
            guard let reason = reasonToLeave(index, row) else { return }
            positions[index].pendingExit = reason
            positions[index].takeBackEntry()
            positions[index].delay = book.costs.execution.latency
        } else if positions[index].pendingUnits == 0, legs[index].enter[row] {
            let contract = legs[index].contract
            let units = book.rules.units(
                equity: worth,
                price: legs[index].close[row],
                multiplier: contract?.multiplier ?? book.rules.multiplier,
                lot: contract?.lot ?? book.rules.lot
            )
            let limit = book.rules.limit(
                of: legs[index].close[row],
                distance: legs[index].limit?[row]
            )
            guard limit.map({ $0 > 0 }) ?? true else { return }
            positions[index].pendingUnits = units * book.rules.sign
            positions[index].pendingLimit = limit
            positions[index].pendingStop = legs[index].stop?[row]
            positions[index].pendingTarget = legs[index].target?[row]
            positions[index].delay = book.costs.execution.latency
        }
    }

    private func reasonToLeave(_ index: Int, _ row: Int) -> Trade.Reason? {
        if legs[index].exit[row] { return .exit }
        if let invalidation = legs[index].invalidation, invalidation[row] { return .invalidation }
        if let hold = book.rules.hold, positions[index].bars >= hold { return .hold }
        return nil
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
