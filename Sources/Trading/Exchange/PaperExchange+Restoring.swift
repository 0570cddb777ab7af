// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension PaperExchange {
    /// Rebuilds an exchange: the account is the fold of its fills, checked against the last close.
    /// - Throws: A ``TradingError`` with code `inconsistentRecord`.
    public init(
        configuration: ExchangeConfiguration,
        restoring record: ExchangeRecord
    ) throws(TradingError) {
        self.init(configuration: configuration)
        for submission in record.submissions { submissions[submission.order.id] = submission }
        for waiting in record.pending { book.pending[waiting.order.id] = waiting }
        for control in record.controls { self.record(control) }
        for event in record.events { try restore(event, record.sessionsHeld) }
        for (instrument, price) in record.marks { book.account.mark(instrument, at: price) }
        for point in record.equityPoints { try restore(point) }
        if let last = book.settledThrough {
            for instrument in Set(book.account.lots.values.map(\.instrument)) {
                book.account.hold(instrument, by: try configuration.terms(of: instrument, at: last))
            }
        }
        try checkLastClose(heldLots: record.sessionsHeld.count)
    }

    private mutating func restore(
        _ event: Event,
        _ sessionsHeld: [OrderID: Int]
    ) throws(TradingError) {
        guard event.sequence == book.nextSequence else {
            throw Self.inconsistent("event \(book.nextSequence) is missing")
        }
        book.nextSequence += 1
        events.append(event)
        switch event.kind {
        case .orderFilled(let fill) where book.account.lots[fill.entry] != nil:
            book.pending[fill.order]?.isInPart = true
            if fill.isEntry {
                book.account.grow(fill.entry, by: fill)
            } else {
                // The trade, if there is one, is told by the next event.
                book.account.close(fill, .exit)
            }
        case .orderFilled(let fill):
            guard fill.isEntry, let order = submissions[fill.order]?.order,
                let lot = Lot(
                    order: order,
                    fill: fill,
                    sessionsHeld: sessionsHeld[order.id] ?? 0,
                    terms: try configuration.terms(of: order.instrument, at: fill.time)
                )
            else { throw Self.inconsistent("fill \(fill.order) has no entry") }
            book.account.open(lot)
            book.pending[fill.order]?.isInPart = true
        case .lotClosed(let trade):
            guard case .orderFilled(let fill) = events.dropLast().last?.kind,
                fill.order == trade.exit, book.account.lots[trade.entry] == nil
            else { throw Self.inconsistent("trade \(trade.entry) has no fill or no lot") }
        case .daySettled(let instrument, let price, _):
            _ = book.account.settle(instrument, at: price, event.time)
        case .lotFunded(let entry, let amount): book.account.fund(entry, amount)
        case .orderRejected, .orderExpired, .restEnded, .pendingAtLimit, .marginCalled: break
        }
    }

    private mutating func restore(_ point: EquityPoint) throws(TradingError) {
        if let last = book.settledThrough, point.time <= last {
            throw Self.inconsistent("the close at \(point.time) is out of order")
        }
        book.settledThrough = point.time
        book.account.raisePeak(to: point.equity)
        equityPoints.append(point)
    }

    private func checkLastClose(heldLots: Int) throws(TradingError) {
        let account = book.account
        let equity = equityPoints.last?.equity ?? configuration.capital
        let cash = equityPoints.last?.cash ?? configuration.capital
        guard account.cash == cash, account.equity == equity, account.lots.count == heldLots else {
            throw Self.inconsistent(
                "the fills make cash \(account.cash), equity \(account.equity) and "
                    + "\(account.lots.count) lots, and \(cash), \(equity) and \(heldLots) are noted"
            )
        }
    }

    private static func inconsistent(_ reason: String) -> TradingError {
        TradingError(.inconsistentRecord, "rebuild the exchange", reason)
    }
}
