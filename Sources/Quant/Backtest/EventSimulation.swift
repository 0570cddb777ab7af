// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// A backtest of one symbol that goes from event to event instead of from bar to bar.
///
/// It takes block after block of rows. Between events equity is cash plus units times closes, which
/// a kernel writes for many bars at once; another one sums up the block. Trades and figures equal
/// those of ``Simulation``.
struct EventSimulation {
    private let book: Book
    private(set) var sums: TradeSums
    private var cash: Cash
    private(set) var curve = desk_curve()
    /// The rows that were dealt with.
    private var row: Int
    private var isRuined = false

    /// The units held, below 0 for a short position and 0 for none, and their money per point.
    private var units = 0.0
    private var weight = 0.0
    private var entryRow = 0
    private var entry = Book.Fill(price: 0, value: 0, fee: 0, change: 0)
    private var stop: Double?
    private var target: Double?
    /// The units to enter with at the next row, as decided at the one before; 0 for none.
    private var pendingUnits = 0.0
    private var pendingExit: Trade.Reason?

    /// The numbers that there must be room for behind the rows whose equity is written.
    static let slack = 8

    /// Starts before the first row of a market.
    init(
        _ rules: TradingRules,
        costs: Costs,
        capital: Double,
        market: Market,
        keepsTrades: Bool
    ) {
        book = Book(rules, costs: costs)
        cash = Cash(capital)
        row = market.first
        sums = TradeSums(keepsTrades: keepsTrades)
        desk_curve_start(&curve, cash.value)
    }

    /// The cash, which is all there is once the last row was dealt with.
    var money: Double { cash.value }

    /// Goes on to the end of a block.
    mutating func advance(to end: Int, _ market: Market, _ decisions: BlockDecisions) {
        while row < end {
            if isRuined {
                rest(through: end, decisions)
            } else if pendingExit != nil {
                leave(market)
            } else if units != 0 {
                hold(to: end, market, decisions)
            } else if pendingUnits != 0 {
                enter(market, decisions)
            } else {
                wait(to: end, market, decisions)
            }
        }
    }

    /// Settles the figures behind the last row.
    mutating func finish() {
        desk_curve_finish(&curve)
    }

    /// Looks for a row to enter after.
    private mutating func wait(to end: Int, _ market: Market, _ decisions: BlockDecisions) {
        let bound = min(end, market.last)
        var found = decisions.next(decisions.enter, from: row, to: bound)
        while found < bound {
            let wanted = book.rules.units(equity: cash.value, price: market.close[found])
            if wanted > 0 {
                pendingUnits = wanted * book.rules.sign
                rest(through: found + 1, decisions)
                return
            }
            found = decisions.next(decisions.enter, from: found + 1, to: bound)
        }
        rest(through: end, decisions)
    }

    private mutating func enter(_ market: Market, _ decisions: BlockDecisions) {
        units = pendingUnits
        pendingUnits = 0
        weight = units * book.rules.multiplier
        entryRow = row
        entry = book.fill(units, at: market.open[row])
        cash.add(entry.change)
        stop = book.rules.stop(of: entry.price, distance: decisions.stop.map { $0[row - 1] })
        target = book.rules.target(of: entry.price, distance: decisions.target.map { $0[row - 1] })
    }

    /// Fills at the open what was decided at the close before.
    private mutating func leave(_ market: Market) {
        guard let reason = pendingExit else { return }
        pendingExit = nil
        close(at: market.open[row], reason)
    }

    /// Holds the position up to its next event or the end of the block.
    private mutating func hold(to end: Int, _ market: Market, _ decisions: BlockDecisions) {
        let bound = min(end, market.last)
        let (decided, reason) = nextExit(to: bound, decisions)
        // The row of the decision, or the last row of the block, is still watched and marked.
        var stretch = decided < bound ? decided + 1 : end
        let touched = firstTouch(to: stretch, market)
        let isTouched = touched < stretch
        if isTouched { stretch = touched }
        let isOver = !isTouched && stretch > market.last
        if isOver { stretch = market.last }
        if let ruined = firstRuin(to: stretch, market) {
            keep(through: ruined, market, decisions)
            close(at: market.close[ruined], .ruin)
            isRuined = true
            return
        }
        keep(through: stretch, market, decisions)
        if isTouched {
            let position = (market.open[row], market.high[row], market.low[row])
            if let (price, reason) = triggered(position) { close(at: price, reason) }
        } else if isOver {
            close(at: market.close[row], .windowEnd)
            rest(through: row + 1, decisions)
        } else if decided < bound {
            pendingExit = reason
        }
    }

    /// The first row from here on at whose close the position is to be left, and why.
    @inline(__always)
    private func nextExit(to bound: Int, _ decisions: BlockDecisions) -> (Int, Trade.Reason) {
        var found = decisions.next(decisions.exit, from: row, to: bound)
        var reason = Trade.Reason.exit
        if let words = decisions.invalidation {
            let failed = decisions.next(words, from: row, to: found)
            if failed < found { (found, reason) = (failed, .invalidation) }
        }
        if let limit = book.rules.hold, limit <= found - entryRow {
            let due = max(row, entryRow + limit - 1)
            if due < found { (found, reason) = (due, .hold) }
        }
        return (found, reason)
    }

    @inline(__always)
    private func firstTouch(to end: Int, _ market: Market) -> Int {
        guard stop != nil || target != nil else { return end }
        let isLong = units > 0
        let lower = (isLong ? stop : target) ?? -.infinity
        let upper = (isLong ? target : stop) ?? .infinity
        return row
            + desk_first_touch(
                market.open + row,
                market.low + row,
                market.high + row,
                end - row,
                lower,
                upper
            )
    }

    /// The first row at whose close equity is used up.
    @inline(__always)
    private func firstRuin(to end: Int, _ market: Market) -> Int? {
        // A long position in positive prices that left cash above zero cannot lose everything.
        if units > 0, cash.value > 0, market.hasOnlyPositiveCloses { return nil }
        for row in row..<max(row, end) where cash.value + weight * market.close[row] <= 0 {
            return row
        }
        return nil
    }

    private func triggered(
        _ bar: (open: Double, high: Double, low: Double)
    ) -> (price: Double, reason: Trade.Reason)? {
        Position.triggered(
            bar,
            sign: book.rules.sign,
            stop: stop,
            target: target
        )
    }

    @inline(__always)
    private mutating func close(at price: Double, _ reason: Trade.Reason) {
        let fill = book.fill(-units, at: price)
        cash.add(fill.change)
        sums.add(units, entry, at: entryRow, fill, at: row, reason)
        units = 0
        stop = nil
        target = nil
        if cash.value <= 0 { isRuined = true }
    }

    /// Rows without a position.
    @inline(__always)
    private mutating func rest(through end: Int, _ decisions: BlockDecisions) {
        guard row < end else { return }
        if let rows = decisions.equity(at: row) { desk_rows_flat(rows, end - row, cash.value) }
        desk_curve_flat(&curve, end - row, cash.value)
        row = end
    }

    /// Rows with a position.
    @inline(__always)
    private mutating func keep(
        through end: Int,
        _ market: Market,
        _ decisions: BlockDecisions
    ) {
        guard row < end else { return }
        let (closes, last) = (market.close + row, market.close + market.count)
        if let rows = decisions.equity(at: row) {
            desk_rows_hold(rows, closes, end - row, cash.value, weight, last)
        }
        desk_curve_hold(&curve, closes, end - row, cash.value, weight, last)
        row = end
    }
}
