// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels
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
        let room = window.count + EventSimulation.slack
        let equity = [Double](unsafeUninitializedCapacity: room) { buffer, filled in
            desk_prefer_large_pages(buffer.baseAddress, buffer.count * 8)
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
                    keepsTrades: true
                )
                if let rows = buffer.baseAddress { simulation.run(leg.signals, market, rows) }
                return simulation
            }
            filled = window.count
        }
        guard let ended else { preconditionFailure("a simulation has run") }
        self.init(
            equity: equity,
            sums: EquitySums(
                ended.curve,
                first: equity.first ?? 0,
                last: equity.last ?? 0
            ),
            trades: Self.trades(ended.sums.closed, leg.series, strategy.side),
            traded: ended.sums.traded,
            exposedPeriods: ended.sums.exposedBars
        )
    }

    private static func trades(
        _ closed: [TradeSums.Closed],
        _ series: BarSeries,
        _ side: Strategy.Side
    ) -> [Trade] {
        series.times.withUnsafeBufferPointer { times in
            closed.indices.map { place in
                // Times are only read here, far apart from each other.
                if let base = times.baseAddress, place + 16 < closed.count {
                    desk_fetch(base + closed[place + 16].entryRow)
                    desk_fetch(base + closed[place + 16].exitRow)
                }
                let closed = closed[place]
                return Trade(
                    symbol: series.symbol,
                    side: side,
                    quantity: abs(closed.units),
                    entryTime: times[closed.entryRow],
                    entryPrice: closed.entryPrice,
                    exitTime: times[closed.exitRow],
                    exitPrice: closed.exitPrice,
                    bars: closed.exitRow - closed.entryRow + 1,
                    pnl: closed.gain,
                    fees: closed.fees,
                    reason: closed.reason
                )
            }
        }
    }
}
