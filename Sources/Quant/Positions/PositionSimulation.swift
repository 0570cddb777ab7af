// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The state of a backtest of wanted positions while it runs.
struct PositionSimulation {
    private let strategy: PositionStrategy
    private let table: PositionTable
    private let history: [BarSeries]
    private let book: Book
    private var holdings: [Holding]
    /// The row of each symbol's first bar in the window, and of its next one.
    private let firstRows: [Int]
    private var rows: [Int]
    private var cash: Cash
    private var equity: [Double] = []
    private var trades: [Trade] = []
    private var exposed = 0
    private var traded = 0.0
    private var isRuined = false

    init(
        _ strategy: PositionStrategy,
        table: PositionTable,
        history: [BarSeries],
        costs: Costs,
        capital: Double,
        from: Instant?
    ) {
        self.strategy = strategy
        self.table = table
        self.history = history
        let rules = TradingRules(
            sign: 1,
            size: 1,
            units: nil,
            lot: strategy.lot,
            multiplier: strategy.multiplier,
            limit: nil,
            stop: nil,
            target: nil,
            hold: nil
        )
        book = Book(rules, costs: costs)
        holdings = history.map { Holding(symbol: $0.symbol) }
        firstRows = history.map { series in from.map { series.firstIndex(atOrAfter: $0) } ?? 0 }
        rows = firstRows
        cash = Cash(capital)
    }

    /// Runs over instants at which some symbol has a bar.
    mutating func run(_ times: [Instant]) {
        equity.reserveCapacity(times.count)
        for (index, time) in times.enumerated() { step(time, index == times.count - 1) }
    }

    private mutating func step(_ time: Instant, _ isLast: Bool) {
        var present: [Int] = []
        var isExposed = holdings.contains(where: \.isOpen)
        for leg in history.indices
        where rows[leg] < history[leg].count && history[leg].times[rows[leg]] == time {
            present.append(leg)
            if holdings[leg].isOpen { holdings[leg].bars += 1 }
            if let units = holdings[leg].pending,
                !isLocked(leg, buying: units > holdings[leg].units)
            {
                holdings[leg].pending = nil
                fill(
                    leg,
                    to: units,
                    at: history[leg].open[rows[leg]],
                    limits: history[leg].days?[rows[leg]].limits,
                    time,
                    .exit
                )
            }
            holdings[leg].mark = history[leg].close[rows[leg]]
            isExposed = isExposed || holdings[leg].isOpen
        }
        if isExposed { exposed += 1 }
        if isLast { closeAll(time, .windowEnd) }
        var worth = netWorth
        if worth <= 0, !isRuined {
            closeAll(time, .ruin)
            worth = netWorth
            isRuined = true
        }
        equity.append(worth)
        for leg in present {
            if !isLast, !isRuined { decide(leg, worth) }
            rows[leg] += 1
        }
    }

    /// Whether nobody trades in a direction at a symbol's next bar; what is pending waits then.
    private func isLocked(_ leg: Int, buying: Bool) -> Bool {
        guard let days = history[leg].days else { return false }
        let row = rows[leg]
        return days[row].limits.isLocked(
            buying: buying,
            low: history[leg].low[row],
            high: history[leg].high[row]
        )
    }

    private var netWorth: Double {
        holdings.reduce(cash.value) { $0 + $1.units * strategy.multiplier * $1.mark }
    }

    /// Trades when what is wanted changes, and not when prices do.
    ///
    /// At a symbol's first bar of a window what is wanted already is entered.
    private mutating func decide(_ leg: Int, _ worth: Double) {
        let row = rows[leg]
        let wanted = table.wanted[leg][row]
        guard table.changes[leg][row] || row == firstRows[leg] && wanted != 0 else { return }
        let lots =
            switch strategy.measure {
            case .units: Self.whole(wanted / strategy.lot)
            case .share:
                (wanted * worth / (holdings[leg].mark * strategy.multiplier) / strategy.lot)
                    .rounded(.towardZero)
            }
        holdings[leg].pending = abs(lots) < 0x1p53 ? lots * strategy.lot : 0
    }

    /// Cuts a number of lots down to a whole one, which 0.3 / 0.1 is but for its last digit.
    private static func whole(_ lots: Double) -> Double {
        let nearest = lots.rounded()
        return abs(lots - nearest) <= 1e-9 * abs(nearest) ? nearest : lots.rounded(.towardZero)
    }

    /// Trades up to the units; what crosses zero is two trades at the same price.
    private mutating func fill(
        _ leg: Int,
        to units: Double,
        at market: Double,
        limits: PriceLimits<Double>? = nil,
        _ time: Instant,
        _ reason: Trade.Reason
    ) {
        let held = holdings[leg].units
        guard held == 0 || units == 0 || (held > 0) == (units > 0) else {
            fill(leg, to: 0, at: market, limits: limits, time, reason)
            fill(leg, to: units, at: market, limits: limits, time, reason)
            return
        }
        let delta = units - held
        guard delta != 0 else { return }
        let bar = Liquidity(room: .infinity, volume: 0, limits: limits)
        let fill = book.fill(delta, at: market, in: bar)
        cash.add(fill.change)
        traded += fill.value
        let trade = holdings[leg].apply(fill, units: delta, at: time, reason: reason)
        if let trade { trades.append(trade) }
    }

    private mutating func closeAll(_ time: Instant, _ reason: Trade.Reason) {
        for leg in holdings.indices {
            holdings[leg].pending = nil
            fill(leg, to: 0, at: holdings[leg].mark, time, reason)
        }
    }

    func result(_ times: [Instant], periodsPerYear: Double, riskFree: Double) -> BacktestResult {
        BacktestResult(
            times: times,
            equity: equity,
            trades: trades,
            traded: traded,
            exposed: exposed,
            periodsPerYear: periodsPerYear,
            riskFree: riskFree
        )
    }
}
