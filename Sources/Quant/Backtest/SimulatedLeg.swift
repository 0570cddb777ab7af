// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One symbol's bars and decisions in a simulation, row by row.
struct SimulatedLeg {
    let symbol: Symbol
    let times: [Instant]
    let open: [Double]
    let high: [Double]
    let low: [Double]
    let close: [Double]
    /// Empty where nobody asks.
    let volume: [Double]
    /// What the venue says of each bar's day; nil for nothing.
    let days: [DayPrices]?
    let enter: [Bool]
    let exit: [Bool]
    let invalidation: [Bool]?
    let limit: [Double]?
    let stop: [Double]?
    let target: [Double]?
    /// The contract that it is; nil for plain units.
    let contract: (any TradedContract)?

    init(_ leg: DecidedLeg, _ contract: (any TradedContract)?, hasVolume: Bool) {
        volume = hasVolume ? leg.series.volume.array : []
        self.contract = contract
        symbol = leg.series.symbol
        times = leg.series.times.array
        open = leg.series.open.array
        high = leg.series.high.array
        low = leg.series.low.array
        close = leg.series.close.array
        days = leg.series.days?.array
        enter = leg.enter
        exit = leg.exit
        invalidation = leg.invalidation
        limit = leg.limit
        stop = leg.stop
        target = leg.target
    }

    /// Whether a row is that of an instant.
    func hasBar(_ row: Int, _ time: Instant) -> Bool {
        row < times.count && times[row] == time
    }

    /// Whether the market is locked at a limit at a row, so that nobody trades in that direction.
    func isLocked(_ row: Int, buying: Bool) -> Bool {
        guard let days else { return false }
        return days[row].limits.isLocked(buying: buying, low: low[row], high: high[row])
    }

    /// What a position is worth a unit at the end of a row's bar: the settlement price where it
    /// ends a contract's trading day and is known, else the close.
    func mark(_ row: Int) -> Double {
        guard let settlement = days?[row].settlement, let contract,
            contract.isSettled(at: times[row])
        else { return close[row] }
        return settlement
    }

    func bar(_ row: Int) -> Bar {
        Bar(
            symbol: symbol,
            time: times[row],
            open: open[row],
            high: high[row],
            low: low[row],
            close: close[row],
            volume: 0,
            day: days?[row]
        )
    }
}
