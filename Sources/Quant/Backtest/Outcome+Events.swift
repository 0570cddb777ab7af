// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

extension Outcome {
    /// Runs one symbol from event to event.
    init(
        _ leg: PreparedStrategy.Leg,
        _ strategy: Strategy,
        _ window: Range<Int>,
        _ terms: BacktestTerms
    ) {
        var ended: EventSimulation?
        let equity = [Double](unsafeUninitializedCapacity: window.count + 3) { buffer, filled in
            ended = Market.with(
                leg.series,
                hasOnlyPositiveCloses: leg.hasOnlyPositiveCloses,
                window: window
            ) { market in
                var simulation = EventSimulation(
                    strategy.rules,
                    costs: terms.costs,
                    capital: terms.capital,
                    market: market,
                    rows: buffer.baseAddress,
                    keepsTrades: true
                )
                simulation.run(leg.signals, market)
                return simulation
            }
            filled = window.count
        }
        guard let ended else { preconditionFailure("a simulation has run") }
        let times = leg.series.times
        let trades = ended.sums.closed.map { closed in
            Trade(
                symbol: leg.series.symbol,
                side: strategy.side,
                quantity: abs(closed.units),
                entryTime: times[closed.entryRow],
                entryPrice: closed.entry.price,
                exitTime: times[closed.exitRow],
                exitPrice: closed.exit.price,
                bars: closed.exitRow - closed.entryRow + 1,
                pnl: closed.gain,
                fees: closed.entry.fee + closed.exit.fee,
                reason: closed.reason
            )
        }
        self.init(
            equity: equity,
            sums: EquitySums(
                ended.curve,
                first: equity.first ?? 0,
                last: equity.last ?? 0
            ),
            trades: trades,
            traded: ended.sums.traded,
            exposedPeriods: ended.sums.exposedBars
        )
    }
}
