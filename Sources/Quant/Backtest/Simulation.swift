// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The state of a backtest while it runs.
struct Simulation {
    private let prepared: PreparedStrategy
    private let book: Book
    private var positions: [Position]
    private var cash: Double
    private var equity: [Double] = []
    private var trades: [Trade] = []
    private var exposedPeriods = 0
    private var traded = 0.0
    private var isRuined = false

    init(_ prepared: PreparedStrategy, costs: Costs, capital: Double) {
        self.prepared = prepared
        book = Book(prepared.strategy, costs: costs)
        positions = [Position](repeating: Position(), count: prepared.legs.count)
        cash = capital
    }

    mutating func run(_ range: Range<Int>) {
        equity.reserveCapacity(range.count)
        for index in range {
            step(index, isLast: index == range.upperBound - 1)
        }
    }

    private mutating func step(_ index: Int, isLast: Bool) {
        var isExposed = false
        for leg in positions.indices {
            let quote = prepared.quotes[index * positions.count + leg]
            if quote.hasBar { trade(leg, quote, prepared.times[index]) }
            isExposed = isExposed || positions[leg].wasOpen
            positions[leg].wasOpen = positions[leg].isOpen
        }
        if isExposed { exposedPeriods += 1 }
        if isLast { closeAll(.windowEnd, at: prepared.times[index]) }
        var worth = netWorth
        if worth <= 0, !isRuined {
            closeAll(.ruin, at: prepared.times[index])
            worth = netWorth
            isRuined = true
        }
        equity.append(worth)
        if !isLast, !isRuined { decide(index, worth) }
    }

    private var netWorth: Double {
        var worth = cash
        for position in positions { worth += position.units * position.mark }
        return worth
    }

    /// Fills what was decided before and watches stop and target.
    private mutating func trade(_ leg: Int, _ quote: PreparedStrategy.Quote, _ time: Instant) {
        if let reason = positions[leg].pendingExit {
            positions[leg].bars += 1
            close(leg, at: quote.open, time, reason)
        } else if positions[leg].pendingUnits != 0 {
            enter(leg, at: quote.open, time)
            positions[leg].bars = 1
        } else if positions[leg].isOpen {
            positions[leg].bars += 1
        }
        if positions[leg].isOpen,
            let (price, reason) = positions[leg].triggered(
                open: quote.open,
                high: quote.high,
                low: quote.low
            )
        {
            close(leg, at: price, time, reason)
        }
        positions[leg].mark = quote.close
    }

    private mutating func enter(_ leg: Int, at open: Double, _ time: Instant) {
        let units = positions[leg].pendingUnits
        let price = book.fill(open, buying: units > 0)
        let fee = abs(units) * price * book.costs.feeRate
        cash -= units * price + fee
        traded += abs(units) * price
        positions[leg].open(units: units, price: price, fee: fee, time: time)
        positions[leg].stop = book.stop(of: price)
        positions[leg].target = book.target(of: price)
    }

    private mutating func close(
        _ leg: Int,
        at market: Double,
        _ time: Instant,
        _ reason: Trade.Reason
    ) {
        let position = positions[leg]
        let price = book.fill(market, buying: position.units < 0)
        let fee = abs(position.units) * price * book.costs.feeRate
        cash += position.units * price - fee
        traded += abs(position.units) * price
        let fees = position.entryFee + fee
        trades.append(
            Trade(
                symbol: prepared.legs[leg].series.symbol,
                side: prepared.strategy.side,
                quantity: Int(abs(position.units)),
                entryTime: position.entryTime,
                entryPrice: position.entryPrice,
                exitTime: time,
                exitPrice: price,
                bars: position.bars,
                pnl: position.units * (price - position.entryPrice) - fees,
                fees: fees,
                reason: reason
            )
        )
        positions[leg].close()
    }

    private mutating func closeAll(_ reason: Trade.Reason, at time: Instant) {
        for leg in positions.indices {
            positions[leg].pendingUnits = 0
            if positions[leg].isOpen { close(leg, at: positions[leg].mark, time, reason) }
        }
    }

    /// Decides at the close; `worth` is the equity that sizes are shares of.
    private mutating func decide(_ index: Int, _ worth: Double) {
        let strategy = prepared.strategy
        for leg in positions.indices {
            let quote = prepared.quotes[index * positions.count + leg]
            guard quote.hasBar else { continue }
            if positions[leg].isOpen {
                if quote.exit {
                    positions[leg].pendingExit = .exit
                } else if let hold = strategy.hold, positions[leg].bars >= hold {
                    positions[leg].pendingExit = .hold
                }
            } else if quote.enter {
                let units = (strategy.size * worth / positions[leg].mark).rounded(.down)
                let isUsable = units >= 1 && units < 0x1p53
                positions[leg].pendingUnits = isUsable ? units * book.sign : 0
            }
        }
    }

    func result(times: [Instant], periodsPerYear: Double, riskFree: Double) -> BacktestResult {
        let returns = zip(equity, equity.dropFirst()).map { $0 > 0 ? $1 / $0 - 1 : 0 }
        let mean = equity.reduce(0, +) / Double(equity.count)
        let years = Double(returns.count) / periodsPerYear
        let activity = TradingActivity(
            gains: trades.map(\.pnl),
            exposure: Double(exposedPeriods) / Double(times.count),
            turnover: traded / mean / years
        )
        return BacktestResult(
            times: times,
            equity: equity,
            returns: returns,
            trades: trades,
            metrics: Performance(
                returns: returns,
                equity: equity,
                periodsPerYear: periodsPerYear,
                riskFree: riskFree,
                trading: activity
            )
        )
    }
}
