// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// The engine that goes from event to event against the one that goes from bar to bar.
@Suite("Backtest paths")
struct BacktestPathsTests {
    private static func bars(_ random: inout SeededRandom, count: Int) throws -> BarSeries {
        let symbol = try Samples.symbol("AAA")
        var series = BarSeries(symbol: symbol)
        var price = 100.0
        let width = [0.5, 3, 20][Int(random.next() % 3)]
        for day in 0..<count {
            let open = max(0.25, price + width * (random.nextUnit() - 0.5))
            let close = max(0.25, open + width * (random.nextUnit() - 0.5))
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(CalendarDate(daysSinceEpoch: day)),
                    open: open,
                    high: max(open, close) + width * random.nextUnit() / 4,
                    low: min(open, close) - min(0.1, width * random.nextUnit() / 4),
                    close: close,
                    volume: 1000
                )
            )
            price = close
        }
        return series
    }

    private static func strategy(_ random: inout SeededRandom) throws -> Strategy {
        func pick(_ texts: [String]) -> String { texts[Int(random.next() % UInt64(texts.count))] }
        func number(_ least: Double, _ most: Double) -> JSON {
            .double(least + (most - least) * random.nextUnit())
        }
        let numbers = ["close", "open", "sma(close, 3)", "sma(close, 8)", "lag(close, 2)"]
        func condition() -> String {
            "\(pick(numbers)) \(pick(["<", ">", "<=", ">="])) \(pick(numbers))"
        }
        let isLong = random.next() % 2 == 0
        var members: [JSON.Member] = [
            JSON.Member("schema", 1), JSON.Member("name", "s"), JSON.Member("family", "f"),
            JSON.Member("universe", ["AAA"]), JSON.Member("side", isLong ? "long" : "short"),
            JSON.Member("enter", .string(pick([condition(), "true", "!(\(condition()))"]))),
            JSON.Member("exit", .string(pick([condition(), "false", condition()]))),
        ]
        func some(_ member: () -> JSON.Member) {
            if random.next() % 3 == 0 { members.append(member()) }
        }
        if random.next() % 3 == 0 {
            members.append(JSON.Member("units", number(1, 3000)))
        } else {
            members.append(JSON.Member("size", number(0.1, 1)))
        }
        some { JSON.Member("invalidation", .string(condition())) }
        some { JSON.Member("stop", number(0.01, 0.2)) }
        some { JSON.Member("target", number(0.01, 0.2)) }
        if !members.contains(where: { $0.name == "stop" }) {
            some { JSON.Member("stop", .string("atr(3) * 1.5")) }
        }
        if !members.contains(where: { $0.name == "target" }) {
            some { JSON.Member("target", "high - low") }
        }
        some { JSON.Member("hold", .int(Int64(1 + random.next() % 9))) }
        some { JSON.Member("multiplier", .double(10)) }
        some { JSON.Member("lot", .double(0.01)) }
        return try Strategy(.object(members))
    }

    @Test("both engines agree to the last bit", arguments: 0..<60)
    func agreement(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let count = [1, 2, 3, 5, 64, 65, 300, 2100, 4500][Int(random.next() % 9)]
        let series = try Self.bars(&random, count: count)
        for _ in 0..<5 {
            let strategy = try Self.strategy(&random)
            let costs = Costs(
                feeRate: random.nextUnit() * 0.01,
                slippageRate: random.nextUnit() * 0.01,
                feePerUnit: random.nextUnit()
            )
            let prepared = try PreparedStrategy(strategy, history: [series])
            let first = Int(random.next() % UInt64(count))
            let last = first + Int(random.next() % UInt64(count - first))
            let window = (from: series.times[first], through: series.times[last])

            for window in [nil, window] {
                let fast = try prepared.run(window: window, costs: costs)
                let slow = try prepared.runBarByBar(window: window, costs: costs)

                let isEqual = [
                    fast.equity == slow.equity, fast.trades == slow.trades,
                    fast.metrics == slow.metrics, fast == slow,
                ]
                let agrees = !isEqual.contains(false)
                #expect(agrees, "\(isEqual) \(strategy.json.compactText)")
            }
        }
    }

    @Test("the random strategies trade, leave for every reason and some of them are ruined")
    func coverage() throws {
        var reasons: Set<Trade.Reason> = []
        for seed in 0..<60 {
            var random = SeededRandom(seed: UInt64(seed))
            _ = random.next()
            let series = try Self.bars(&random, count: 600)
            for _ in 0..<5 {
                let strategy = try Self.strategy(&random)
                let result = try Backtest.run(strategy: strategy, history: [series])
                reasons.formUnion(result.trades.map(\.reason))
            }
        }

        #expect(reasons == Set(Trade.Reason.allCases).subtracting([.liquidation]))
    }

    @Test("figures of one pass are those of two passes but for the last digits")
    func onePass() throws {
        var random = SeededRandom(seed: 7)
        let series = try Self.bars(&random, count: 3000)
        let strategy = try Samples.strategy(enter: "close > sma(close, 5)", exit: "close < open")

        let result = try Backtest.run(strategy: strategy, history: [series])

        let reference = Performance(returns: result.returns, equity: result.equity)
        #expect(Samples.near(result.metrics.sharpe, try #require(reference.sharpe), 1e-11))
        #expect(Samples.near(result.metrics.sortino, try #require(reference.sortino), 1e-11))
        let skewness = try #require(reference.moments.skewness)
        let kurtosis = try #require(reference.moments.kurtosis)
        #expect(Samples.near(result.metrics.moments.skewness, skewness, 1e-9))
        #expect(Samples.near(result.metrics.moments.kurtosis, kurtosis, 1e-9))
        #expect(result.metrics.maxDrawdown == reference.maxDrawdown)
        #expect(result.metrics.totalReturn == reference.totalReturn)
    }

    @Test("returns that hardly differ are told apart by two passes")
    func nearlyConstant() throws {
        var rows: [(Double, Double, Double, Double)] = []
        var price = 100.0
        for day in 0..<200 {
            price *= day % 2 == 0 ? 1.01 : 1.010_000_1
            rows.append((price, price, price, price))
        }
        let strategy = try Samples.strategy(
            enter: "true",
            size: 1,
            extra: [JSON.Member("lot", .double(0.00001))]
        )

        let result = try Backtest.run(strategy: strategy, history: [try Samples.series(rows)])

        let reference = Performance(returns: result.returns, equity: result.equity)
        #expect(result.metrics.sharpe == reference.sharpe)
    }

    @Test(
        "a price that is not finite is refused with its place",
        arguments: [
            ("high", Double.nan), ("low", -.infinity), ("open", .nan), ("close", .infinity),
        ]
    )
    func notFinite(_ field: String, _ value: Double) throws {
        let row = (
            field == "open" ? value : 1.0, field == "high" ? value : 1.0,
            field == "low" ? value : 1.0, field == "close" ? value : 1.0
        )
        let flat = (1.0, 1.0, 1.0, 1.0)
        let series = try Samples.series([flat, flat, flat, flat, flat, row, flat])
        let strategy = try Samples.strategy(enter: "true")

        let error = #expect(throws: QuantError.self) {
            try Backtest.run(strategy: strategy, history: [series])
        }

        #expect(error?.code == .badRow)
        #expect(
            error?.reason
                == "bar 6 of AAA, at 2024-01-06T00:00:00Z: the \(field) is \(value) and must be a "
                + "finite number"
        )
    }

    @Test("one bar trades nothing and no bar is an error")
    func fewBars() throws {
        let strategy = try Samples.strategy(enter: "true")

        let one = try Backtest.run(
            strategy: strategy,
            history: [try Samples.series([(1, 1, 1, 1)])]
        )
        let none = #expect(throws: QuantError.self) {
            try Backtest.run(strategy: strategy, history: [try Samples.series([])])
        }

        #expect(one.equity == [100_000] && one.trades.isEmpty && one.returns.isEmpty)
        #expect(one.metrics.sharpe == nil && one.metrics.totalReturn == 0)
        #expect(none?.description == "cannot run backtest: the history has no bars")
    }
}
