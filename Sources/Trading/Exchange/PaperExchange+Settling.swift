// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension PaperExchange {
    /// Settles one session and returns what happened; a time that is settled already returns
    /// nothing and changes nothing.
    ///
    /// Orders that were submitted before this time are filled at the open, in the order of their
    /// ids. Then stops and targets of all open lots are tried within the session, a lot whose
    /// holding limit is reached gets an exit for the next open, and the account is marked to the
    /// close. A stop, and anything filled at the open, pays slippage; a target does not. When both
    /// stop and target lie within the session, the stop counts; an open beyond either fills there.
    /// - Throws: A ``TradingError`` with code `outOfRange` when the prices would take the account
    ///   beyond what can be reckoned; nothing has changed then.
    public mutating func settle(
        at time: Instant,
        prices: [InstrumentID: SessionPrices]
    ) throws(TradingError) -> [Event] {
        guard let settlement = try settlement(at: time, prices: prices) else { return [] }
        apply(settlement)
        return settlement.events
    }

    /// Works out what settling a session would do; nil when it is settled already.
    ///
    /// The entries whose ideas have failed at its close are closed at the next open.
    /// - Throws: As ``settle(at:prices:)``.
    public func settlement(
        at time: Instant,
        prices: [InstrumentID: SessionPrices],
        invalidated: Set<OrderID> = []
    ) throws(TradingError) -> Settlement? {
        if let last = book.settledThrough, time <= last { return nil }
        var settler = SessionSettler(
            configuration: configuration,
            book: book,
            time: time,
            prices: prices,
            state: state(before: Stamp(time: time, round: 0)),
            invalidated: invalidated,
            contracts: try contractSessions(at: time, prices)
        )
        try settler.checkRange()
        return try settler.settle(closeAll: pendingCloseAll(before: time))
    }

    /// What holds in a session for each contract that has a price, is held or waits.
    private func contractSessions(
        at time: Instant,
        _ prices: [InstrumentID: SessionPrices]
    ) throws(TradingError) -> [InstrumentID: ContractSession] {
        guard !configuration.contracts.isEmpty else { return [:] }
        var sessions: [InstrumentID: ContractSession] = [:]
        let held = Set(book.account.lots.values.map(\.instrument))
        for instrument in configuration.contracts.instruments
        where prices[instrument] != nil || held.contains(instrument) {
            sessions[instrument] = try configuration.contracts.session(
                of: instrument,
                endingAt: time,
                after: book.settledThrough
            )
        }
        return sessions
    }

    /// Takes in what ``settlement(at:prices:)`` worked out for this exchange.
    public mutating func apply(_ settlement: Settlement) {
        if let last = book.settledThrough, settlement.time <= last { return }
        book = settlement.book
        events.append(contentsOf: settlement.events)
        equityPoints.append(settlement.equity)
    }

    /// Closes every lot at the last price of its instrument, in the session settled last, gives up
    /// every waiting order and returns what happened; nothing before the first session.
    ///
    /// For the end of a run and for an account without equity. Every fill pays slippage.
    public mutating func closeOut(_ reason: ExitReason) -> [Event] {
        guard let time = book.settledThrough else { return [] }
        var settler = SessionSettler(
            configuration: configuration,
            book: book,
            time: time,
            prices: [:],
            state: state(before: Stamp(time: time, round: 0))
        )
        let settlement = settler.closeOut(reason)
        book = settlement.book
        events.append(contentsOf: settlement.events)
        equityPoints[equityPoints.count - 1] = settlement.equity
        return settlement.events
    }

    /// The first request to close everything since the last settlement.
    private func pendingCloseAll(before time: Instant) -> Control? {
        controls.first { control in
            guard control.kind == .closeAll, control.stamp.time < time else { return false }
            return book.settledThrough.map { control.stamp.time >= $0 } ?? true
        }
    }
}
