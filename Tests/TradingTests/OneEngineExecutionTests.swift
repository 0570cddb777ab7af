// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

/// Where orders are filled in parts, later, at an impact or at a limit of their own, every engine
/// gives the same fills.
@Suite("One engine with parts, latency, impact and limits")
struct OneEngineExecutionTests {
    /// A random market of shares or contracts with random volumes, and half of the time with
    /// limits.
    private struct Scene {
        let strategy: Strategy
        let history: [BarSeries]
        let costs: Costs
        let capital: Double

        init(seed: UInt64, isOfContracts: Bool, bars: Int) throws {
            let (base, plain, own): (Strategy, [BarSeries], Costs)
            if isOfContracts {
                let market = try RandomContracts(seed: seed, bars: bars, ticks: Int(seed % 3))
                (base, capital) = (market.strategy, market.capital)
                (plain, own) = (market.history, market.costs)
            } else {
                let market = try RandomMarket(seed: seed, days: bars)
                (base, capital) = (market.strategy, market.capital)
                (plain, own) = (market.history, market.costs)
            }
            var random = SeededRandom(seed: seed &+ 77)
            func pick<Value>(_ values: [Value]) -> Value {
                values[Int(random.next() % UInt64(values.count))]
            }
            costs = Costs(
                feeRate: own.feeRate,
                slippageRate: own.slippageRate,
                feePerUnit: own.feePerUnit,
                contracts: own.contracts,
                execution: Execution(
                    volumeShare: pick([nil, 0.1, 0.25, 0.333, 1]),
                    latency: pick([0, 0, 1, 3]),
                    impact: pick([0, 0, 0.1, 0.012_345_67])
                )
            )
            // About what is wanted, so that some bars fill it all, some a part and some nothing.
            let typical = isOfContracts ? 12.0 : capital / (plain[0].bars.first?.close ?? 1)
            history = plain.enumerated().map { place, series in
                let told =
                    seed % 2 == 0
                    ? RandomDays.adding(to: series, seed: seed * 8 + UInt64(place)) : series
                let bars = told.bars.map { bar in
                    let volume = [0, 0.4, 1, 3, 9, 40][Int(random.next() % 6)] * typical
                    return Bar(
                        symbol: bar.symbol,
                        time: bar.time,
                        open: bar.open,
                        high: bar.high,
                        low: bar.low,
                        close: bar.close,
                        volume: (volume * 100).rounded() / 100 + 0.01,
                        day: bar.day
                    )
                }
                return BarSeries(symbol: series.symbol, bars: bars)
            }
            let limits: [JSON?] = [
                nil, nil, .double(0.003), .double(0.012_345_67), "0.25 * atr(3)",
                "atr(2) - 0.6 * atr(5)",
            ]
            let limit = pick(limits).map { [JSON.Member("limit", $0)] } ?? []
            strategy = try Strategy(.object((base.json.objectValue ?? []) + limit))
        }

        func backtest(_ costs: Costs) throws -> BacktestResult {
            try Backtest.run(strategy: strategy, history: history, costs: costs, capital: capital)
        }
    }

    /// What happened to the orders of a run.
    private struct Counts {
        var fills: [OrderID: Int] = [:]
        var withdrawn = 0
        var unreached = 0

        init(_ events: [Event]) {
            for event in events {
                switch event.kind {
                case .orderFilled(let fill): fills[fill.order, default: 0] += 1
                case .restEnded(_, .leaving): withdrawn += 1
                case .orderExpired(_, .beyondLimit): unreached += 1
                default: break
                }
            }
        }

        func inParts(_ suffix: String) -> Int {
            fills.count { $0.value > 1 && $0.key.description.hasSuffix(suffix) }
        }
    }

    @Test(
        "a backtest and a replay on the paper exchange agree to the last digit",
        arguments: [true, false]
    )
    func replay(isOfContracts: Bool) throws {
        var (trades, changed, parts, stops, targets) = (0, 0, 0, 0, 0)
        var (withdrawn, unreached) = (0, 0)
        for seed in 0..<200 as Range<UInt64> {
            let scene = try Scene(seed: seed, isOfContracts: isOfContracts, bars: 70)

            let (backtest, runner) = try expectSameReplay(
                scene.strategy,
                scene.history,
                scene.costs,
                scene.capital,
                seed
            )
            trades += backtest.trades.count
            let counts = Counts(runner.events)
            parts += counts.inParts("")
            stops += counts.inParts("!stop")
            targets += counts.inParts("!target")
            withdrawn += counts.withdrawn
            unreached += counts.unreached
            let atOnce = try scene.backtest(
                Costs(
                    feeRate: scene.costs.feeRate,
                    slippageRate: scene.costs.slippageRate,
                    feePerUnit: scene.costs.feePerUnit,
                    contracts: scene.costs.contracts
                )
            )
            changed += atOnce.tradesCSV == backtest.tradesCSV ? 0 : 1
        }
        #expect(
            trades > 700 && changed > 100 && parts > 150 && stops > 20 && targets > 5
                && withdrawn > 50 && unreached > 50,
            "\(trades) \(changed) \(parts) \(stops) \(targets) \(withdrawn) \(unreached)"
        )
    }

    @Test("what is closed of two days' lots is counted by their days, part by part")
    func days() throws {
        let symbol = try #require(Symbol("fu2505"))
        let monday = try #require(Instant("2025-02-10T00:00:00Z"))
        // Ten are bought on Monday and five on Tuesday, of which twelve and three are sold then.
        let rows: [(hours: Int64, price: Double, volume: Double)] = [
            (3, 3000, 10), (7, 3001, 10), (26, 3010, 5), (27, 3002, 12), (31, 3002, 90),
            (51, 3002, 90),
        ]
        let bars = rows.map { row in
            Bar(
                symbol: symbol,
                time: monday.adding(seconds: row.hours * 3600),
                open: row.price,
                high: row.price,
                low: row.price,
                close: row.price,
                volume: row.volume
            )
        }
        let strategy = try Strategy([
            "schema": 1, "name": "days", "family": "test", "universe": ["fu2505"], "side": "long",
            "enter": "close == 3000.0", "exit": "close == 3010.0", "units": 15,
        ])
        let history = [BarSeries(symbol: symbol, bars: bars)]
        let costs = Costs(
            feeRate: 0,
            slippageRate: 0,
            contracts: try ContractBook(["fu2505"], holding: .init()).traded,
            execution: Execution(volumeShare: 1)
        )

        let (_, runner) = try expectSameReplay(
            strategy,
            history,
            costs,
            100_000,
            0
        )
        let fills = runner.events.compactMap { event in
            if case .orderFilled(let fill) = event.kind { fill } else { nil }
        }
        #expect(fills.map(\.quantity.description) == ["10", "5", "12", "3"])
        // Lots of the day are closed at another fee than earlier ones.
        let fees = fills.map { $0.fee.value.doubleValue / $0.quantity.value.doubleValue }
        #expect(fees[3] != fees[2])
    }

    @Test("a run that sees no bar to come agrees as well", arguments: [true, false])
    func live(isOfContracts: Bool) throws {
        for seed in 1000..<1016 as Range<UInt64> {
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
}
