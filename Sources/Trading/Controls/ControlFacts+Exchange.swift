// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension ControlFacts {
    /// Reads the facts from an exchange, as a client at a stamp may see them.
    ///
    /// What waits of an entry counts as if it were filled at the last price; an instrument that
    /// waits without any price counts with nothing, since no order passes without one.
    public init(
        _ exchange: PaperExchange,
        at stamp: Stamp,
        now: Instant,
        quotes: [InstrumentID: Quote],
        multipliers: [InstrumentID: Decimal8] = [:]
    ) {
        let account = exchange.book.account
        var exposures: [InstrumentID: Money] = [:]
        var holdings: [OrderID: Holding] = [:]
        for lot in account.lots.values {
            let mark = account.marks[lot.instrument] ?? lot.fill.price
            let worth = Money(lot.worth(at: mark).value.magnitude)
            exposures[lot.instrument, default: .zero] += worth
            holdings[lot.entry] = Holding(
                instrument: lot.instrument,
                side: lot.side,
                quantity: lot.quantity,
                strategy: lot.order.strategy
            )
        }
        for waiting in exchange.book.pending.values where waiting.order.isEntry {
            let order = waiting.order
            guard let quote = quotes[order.instrument] else { continue }
            let multiplier = multipliers[order.instrument] ?? Decimal8(1)
            let lot = account.lots[order.id]
            guard let waits = lot.map(\.unfilled) ?? order.quantity else { continue }
            let worth = WideAmount(quote.last, waits, multiplier: multiplier)
            let capped = min(worth, WideAmount(Money.largestNotional))
            exposures[order.instrument, default: .zero] += Money(
                Decimal8(units: Int64(clamping: capped.units))
            )
        }
        let dayStart = exchange.equityCurve().last { $0.time.date < now.date }?.equity
        self.init(
            now: now,
            state: exchange.state(before: stamp),
            equity: account.equity,
            peak: account.peak,
            dayStart: dayStart ?? exchange.configuration.capital,
            freeCash: account.freeCash,
            exposures: exposures,
            holdings: holdings,
            waitingOrders: exchange.book.pending.count,
            quotes: quotes
        )
    }
}
