// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

/// In locked markets and with settlement prices, every engine gives the same fills as well.
@Suite("One engine with settlement prices and limits")
struct OneEngineDayTests {
    private struct Scene {
        let strategy: Strategy
        let history: [BarSeries]
        let costs: Costs
        let capital: Double

        init(seed: UInt64, isOfContracts: Bool, bars: Int) throws {
            let plain: [BarSeries]
            if isOfContracts {
                let market = try RandomContracts(seed: seed, bars: bars)
                (strategy, costs, capital) = (market.strategy, market.costs, market.capital)
                plain = market.history
            } else {
                let market = try RandomMarket(seed: seed, days: bars)
                (strategy, costs, capital) = (market.strategy, market.costs, market.capital)
                plain = market.history
            }
            history = plain.enumerated().map { place, series in
                RandomDays.adding(to: series, seed: seed * 8 + UInt64(place))
            }
        }

        func backtest(_ history: [BarSeries]) throws -> BacktestResult {
            try Backtest.run(strategy: strategy, history: history, costs: costs, capital: capital)
        }
    }

    @Test(
        "a backtest and a replay on the paper exchange agree to the last digit",
        arguments: [true, false]
    )
    func replay(isOfContracts: Bool) throws {
        var (trades, carried, pending, changed, moved) = (0, 0, 0, 0, 0)
        for seed in 0..<150 as Range<UInt64> {
            let scene = try Scene(seed: seed, isOfContracts: isOfContracts, bars: 70)

            let (backtest, runner) = try expectSameReplay(
                scene.strategy,
                scene.history,
                scene.costs,
                scene.capital,
                seed
            )
            trades += backtest.trades.count
            let waiting = runner.events.compactMap { event in
                if case .pendingAtLimit(let order) = event.kind { order.description } else { nil }
            }
            pending += waiting.count
            carried += waiting.count { $0.hasSuffix("!stop") }
            let without = try scene.backtest(scene.history.map { RandomDays.removing(from: $0) })
            changed += without.tradesCSV == backtest.tradesCSV ? 0 : 1
            let unsettled = try scene.backtest(scene.history.map { Self.unsettled($0) })
            moved += unsettled.equity == backtest.equity ? 0 : 1
        }
        #expect(
            trades > 1000 && pending > 500 && carried > 30 && changed > 100,
            "\(trades) \(pending) \(carried) \(changed) \(moved)"
        )
        #expect(isOfContracts ? moved > 30 : moved == 0, "\(moved)")
    }

    /// The same series without settlement prices.
    private static func unsettled(_ series: BarSeries) -> BarSeries {
        BarSeries(
            symbol: series.symbol,
            bars: series.bars.map { bar in
                var bar = bar
                let limits = bar.day?.limits
                bar.day = DayPrices(limitUp: limits?.upper, limitDown: limits?.lower)
                return bar
            }
        )
    }

    @Test("a run that sees no bar to come agrees as well", arguments: [true, false])
    func live(isOfContracts: Bool) throws {
        for seed in 1000..<1012 as Range<UInt64> {
            let scene = try Scene(seed: seed, isOfContracts: isOfContracts, bars: 40)

            try expectSameLive(
                scene.strategy,
                scene.history,
                scene.costs,
                scene.capital,
                seed
            )
        }
    }

    @Test("what the venue liquidates while its exit waits is decided upon anew at that close")
    func liquidatedWhileWaiting() throws {
        let symbol = try #require(Symbol("BTC"))
        let prices: [(price: Double, down: Double?)] = [
            (100_000, nil), (100_000, nil), (81_000, 81_000), (81_000, nil), (81_000, nil),
        ]
        let bars = prices.enumerated().map { place, row in
            Bar(
                symbol: symbol,
                time: Instant(CalendarDate(daysSinceEpoch: 20_400 + place)),
                open: row.price,
                high: row.price,
                low: row.price,
                close: row.price,
                volume: 1,
                day: DayPrices(limitDown: row.down)
            )
        }
        let strategy = try Strategy([
            "schema": 1, "name": "held", "family": "test", "universe": ["BTC"], "side": "long",
            "enter": "true", "exit": "close == 100000.0", "units": 1,
        ])
        let history = [BarSeries(symbol: symbol, bars: bars)]
        let costs = Costs(
            feeRate: 0,
            slippageRate: 0,
            contracts: try ContractBook(["BTC"], holding: .init()).traded
        )

        let (backtest, _) = try expectSameReplay(
            strategy,
            history,
            costs,
            20_000,
            0
        )
        #expect(backtest.trades.map(\.reason).first == .liquidation)
        #expect(backtest.trades.dropFirst().first?.entryTime == bars[3].time)
    }

    @Test("a sweep has the results of backtests")
    func sweep() throws {
        for seed in 0..<20 as Range<UInt64> {
            let scene = try Scene(seed: seed, isOfContracts: seed % 2 == 0, bars: 50)
            var json = (scene.strategy.json.objectValue ?? []).filter { $0.name != "parameters" }
            json.append(JSON.Member("parameters", ["level": 1]))
            let strategy = try Strategy(.object(json))
            var equity: [Double?] = []

            try SweepRunner(
                strategy,
                history: scene.history,
                grid: Grid(parsing: "level=1|2"),
                options: SweepOptions(costs: scene.costs, capital: scene.capital)
            ).run { equity.append($0.finalEquity) }

            let last = try scene.backtest(scene.history).equity.last
            #expect(equity == [last, last], "seed \(seed)")
        }
    }
}
