// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

/// The same strategy over the same bars gives the same fills, whichever engine trades it.
@Suite("One engine")
struct OneEngineTests {
    @Test("a backtest and a replay on the paper exchange agree to the last digit")
    func replay() throws {
        var trades = 0
        var reasons: Set<Quant.Trade.Reason> = []
        for seed in 0..<250 as Range<UInt64> {
            let market = try RandomMarket(seed: seed, days: 150)
            let prepared = try PreparedStrategy(market.strategy, history: market.history)

            let backtest = try prepared.run(costs: market.costs, capital: market.capital)
            let runner = try StrategyRunner.replay(
                prepared,
                costs: market.costs,
                capital: market.capital
            )

            let exchange = runner.result(periodsPerYear: 252, riskFree: 0)
            expectSame(backtest, exchange, seed)
            trades += backtest.trades.count
            reasons.formUnion(backtest.trades.map(\.reason))
        }
        #expect(trades > 3000)
        #expect(reasons == Set(Quant.Trade.Reason.allCases).subtracting([.liquidation]))
    }

    @Test("contracts with fees by lot and by value, funding and liquidation agree as well")
    func contracts() throws {
        var reasons: [Quant.Trade.Reason: Int] = [:]
        var traded: Set<Symbol> = []
        for seed in 0..<240 as Range<UInt64> {
            let market = try RandomContracts(seed: seed, bars: 70)
            let prepared = try PreparedStrategy(market.strategy, history: market.history)

            let backtest = try prepared.run(costs: market.costs, capital: market.capital)
            let runner = try StrategyRunner.replay(
                prepared,
                costs: market.costs,
                capital: market.capital
            )

            let exchange = runner.result(periodsPerYear: 252, riskFree: 0)
            expectSame(backtest, exchange, seed)
            for trade in backtest.trades {
                reasons[trade.reason, default: 0] += 1
                traded.insert(trade.symbol)
            }
        }
        #expect(reasons[.liquidation, default: 0] > 20)
        #expect(reasons[.stop, default: 0] > 100 && reasons[.target, default: 0] > 100)
        let names = ["AAA", "BTC", "ETH", "fu2505", "m2505", "rb2505", "ru2505"]
        #expect(traded.map(\.description).sorted() == names)
    }

    @Test("contracts agree with a run that sees no bar to come")
    func liveContracts() throws {
        for seed in 1000..<1020 as Range<UInt64> {
            let market = try RandomContracts(seed: seed, bars: 40)

            try expectSameLive(
                market.strategy,
                market.history,
                market.costs,
                market.capital,
                seed
            )
        }
    }

    @Test("a run that sees no bar to come agrees as well")
    func live() throws {
        for seed in 1000..<1030 as Range<UInt64> {
            let market = try RandomMarket(seed: seed, days: 50)

            try expectSameLive(
                market.strategy,
                market.history,
                market.costs,
                market.capital,
                seed
            )
        }
    }

    @Test("the exchange's own account ends with the equity of the backtest")
    func account() throws {
        for seed in 2000..<2040 as Range<UInt64> {
            let market = try RandomMarket(seed: seed, days: 80)
            let prepared = try PreparedStrategy(market.strategy, history: market.history)

            let runner = try StrategyRunner.replay(
                prepared,
                costs: market.costs,
                capital: market.capital
            )

            let cash = try #require(Decimal8(rounding: market.capital))
            let gains = runner.events.reduce(Decimal8.zero) { sum, event in
                guard case .lotClosed(let trade) = event.kind else { return sum }
                return sum + trade.profit.value
            }
            #expect((cash + gains).doubleValue == runner.equity.last, "seed \(seed)")
        }
    }

    @Test("a window in the middle of the history agrees")
    func window() throws {
        let market = try RandomMarket(seed: 3, days: 150)
        let prepared = try PreparedStrategy(market.strategy, history: market.history)
        let window = (from: prepared.times[40], through: prepared.times[90])

        let backtest = try prepared.run(
            window: window,
            costs: market.costs,
            capital: market.capital
        )
        let runner = try StrategyRunner.replay(
            prepared,
            window: window,
            costs: market.costs,
            capital: market.capital
        )

        let exchange = runner.result(periodsPerYear: 252, riskFree: 0)
        expectSame(backtest, exchange, 3)
        #expect(!backtest.trades.isEmpty)
    }

    @Test("a price that no exact decimal holds is refused on the exchange")
    func tooFine() throws {
        let market = try RandomMarket(seed: 3, days: 30)
        var series = BarSeries(symbol: market.history[0].symbol)
        for index in 0..<20 {
            let bar = market.history[0][index]
            let price = bar.close + 1e-9
            series.append(
                Bar(
                    symbol: bar.symbol,
                    time: bar.time,
                    open: price,
                    high: price,
                    low: price,
                    close: price,
                    volume: 1
                )
            )
        }
        let others = market.history.dropFirst()
        let prepared = try PreparedStrategy(market.strategy, history: [series] + others)

        let error = #expect(throws: TradingError.self) {
            try StrategyRunner.replay(prepared, costs: market.costs, capital: market.capital)
        }

        #expect(error?.code == .invalidPrice)
    }
}
