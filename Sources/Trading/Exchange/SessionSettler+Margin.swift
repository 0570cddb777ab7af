// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a session does to contracts on margin beside filling orders, in the order of
/// ``PaperMarket``: liquidation, funding, settlement, and the call for margin.
extension SessionSettler {
    /// Settles days that were over before this session, whose last bar nobody had: at the last
    /// price, as of the session before.
    mutating func settleDaysBefore() {
        guard let last = book.settledThrough else { return }
        let ended = contracts.filter { instrument, session in
            session.isNewDay
                && book.account.lots.values.contains { lot in
                    lot.instrument == instrument && lot.settled.map { $0 < last } ?? true
                }
        }
        settle(ended.keys.sorted(), as: last)
    }

    /// Settles the days that are over with this session.
    mutating func settleDaysThatAreOver() {
        settle(contracts.filter(\.value.isOver).keys.sorted(), as: time)
    }

    /// Marks contracts to their settlement prices, which are the last ones where no bar of the
    /// session says, takes the gains to the cash, and calls for the margin that is missing then.
    private mutating func settle(_ instruments: [InstrumentID], as session: Instant) {
        var hasSettled = false
        for instrument in instruments {
            guard let last = book.account.marks[instrument] else { continue }
            // What a bar says of its day holds for that day alone.
            let told = session == time ? prices[instrument]?.settlement : nil
            let price = told ?? last
            book.account.mark(instrument, at: price)
            let gain = book.account.settle(instrument, at: price, session)
            add(.daySettled(instrument, price, gain), at: session)
            hasSettled = true
        }
        let missing = Money.zero - book.account.freeCash
        guard hasSettled, missing > .zero, !configuration.lendsCash else { return }
        add(.marginCalled(missing), at: session)
        isCalled = session < time
        for lot in book.account.sortedLots {
            wait(
                Order(closing: lot, .marginCall, at: session),
                since: Stamp(time: session, round: 0)
            )
        }
    }

    /// Closes perpetual futures that the account's value does not bear any more.
    mutating func liquidate() throws(TradingError) {
        for (instrument, session) in contracts.sorted(by: { $0.key < $1.key }) {
            guard let contract = session.terms.contract, contract.tiers != nil,
                let prices = prices[instrument]
            else { continue }
            let lots = book.account.sortedLots.filter { $0.instrument == instrument }
            let net = lots.reduce(Decimal8.zero) { $0 + $1.signedQuantity }
            guard net != .zero else { continue }
            let price = try contract.liquidation(
                net > .zero ? .buy : .sell,
                try Quantity(net.magnitude),
                equity: book.account.equity,
                in: prices
            )
            guard let price else { continue }
            for lot in lots { leave(lot, at: price, .liquidation, slips: false) }
        }
    }

    /// Pays funding for the whole hours since the session before.
    mutating func fund() throws(TradingError) {
        guard let last = book.settledThrough else { return }
        for lot in book.account.sortedLots where lot.isMargined {
            guard let mark = book.account.marks[lot.instrument] else { continue }
            let paid = try lot.terms.funding(
                lot.side,
                lot.quantity,
                at: mark,
                from: last,
                to: time
            )
            guard paid != .zero else { continue }
            book.account.fund(lot.entry, paid)
            add(.lotFunded(lot.entry, paid))
        }
    }
}
