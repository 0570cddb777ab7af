// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

/// A random strategy over random bars of shares and contracts, the same for the same seed.
///
/// The futures have a fee by lot, a fee by value, or none for closing on the same day; their bars
/// are half days, so that some positions are closed in the trading day of their entry.
struct RandomContracts {
    let strategy: Strategy
    let history: [BarSeries]
    let costs: Costs
    let capital: Double

    private var random: SeededRandom

    init(seed: UInt64, bars: Int, ticks: Int = 0) throws {
        random = SeededRandom(seed: seed)
        let universes = [
            ["rb2505"], ["m2505"], ["fu2505"], ["ru2505", "m2505"], ["AAA", "rb2505"], ["BTC"],
            ["BTC"], ["ETH"], ["BTC", "ETH"], ["AAA", "BTC"],
        ]
        let names = Self.pick(universes, &random)
        let isPerpetual = names.contains("BTC") || names.contains("ETH")
        capital = Self.pick([20_000, 300_000, 1_234_567.89], &random)
        let book = try ContractBook(
            names,
            holding: .init(
                premium: Samples.decimal(Self.pick(["0", "0.001", "-0.0007"], &random)),
                slippageTicks: ticks
            )
        )
        costs = Costs(
            feeRate: Self.pick([0, 0.0005], &random),
            slippageRate: Self.pick([0, 0.0005, 0.000_333_33], &random),
            contracts: book.traded
        )
        strategy = try Self.strategy(names, isPerpetual: isPerpetual, &random)
        var history: [BarSeries] = []
        for name in names {
            history.append(try Self.walk(name, bars, isPerpetual: isPerpetual, &random))
        }
        self.history = history
    }

    private static func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    private static func strategy(
        _ universe: [String],
        isPerpetual: Bool,
        _ random: inout SeededRandom
    ) throws -> Strategy {
        var members: [JSON.Member] = [
            JSON.Member("schema", 1), JSON.Member("name", "random"), JSON.Member("family", "test"),
            JSON.Member("universe", .array(universe.map { .string($0) })),
            JSON.Member("side", .string(pick(["long", "short"], &random))),
            JSON.Member(
                "enter",
                .string(pick(["close > sma(close, 4)", "close < open", "true"], &random))
            ),
            JSON.Member(
                "exit",
                .string(pick(["false", "close < sma(close, 3)", "close > open"], &random))
            ),
        ]
        func add(_ name: String, _ choices: [JSON?]) {
            if let value = pick(choices, &random) { members.append(JSON.Member(name, value)) }
        }
        if pick([true, false, false], &random) {
            // Enough of them to be liquidated.
            add("units", isPerpetual ? [.double(0.5), .double(1.2345), 3] : [1, 2, 7])
        } else {
            add("size", [.double(0.3), .double(0.5), 1])
        }
        add("invalidation", [nil, nil, "close < open * 0.97"])
        add("stop", [nil, nil, .double(0.03), "atr(3)"])
        add("target", [nil, .double(0.05), "2.0 * atr(3)"])
        add("hold", [nil, nil, 1, 4])
        return try Strategy(.object(members))
    }

    private static func walk(
        _ name: String,
        _ count: Int,
        isPerpetual: Bool,
        _ random: inout SeededRandom
    ) throws -> BarSeries {
        let symbol = try #require(Symbol(name))
        var series = BarSeries(symbol: symbol)
        let wildness = pick([0.01, 0.03, 0.1], &random)
        let scale = name == "AAA" ? 100.0 : name == "ETH" ? 10 : 1
        func grid(_ price: Double) -> Double { max(1, (price * scale).rounded()) / scale }
        var price = name == "BTC" ? 100_000.0 : name == "ETH" ? 4_000 : 3_500
        for place in 0..<count {
            let open = grid(price * (1 + wildness * (random.nextUnit() - 0.5)))
            let close = grid(open * (1 + wildness * random.nextNormal() / 2))
            let high = grid(max(open, close) * (1 + wildness * random.nextUnit()))
            let low = grid(min(open, close) * (1 - wildness * random.nextUnit()))
            // Prices stay in the range in which the grid is that of the beginning.
            price = min(max(close, price * 0.9), name == "BTC" ? 99_000 : 6_000)
            guard random.next() % 9 != 0 else { continue }
            series.append(
                Bar(
                    symbol: symbol,
                    time: try time(of: place, isPerpetual: isPerpetual),
                    open: open,
                    high: max(high, open, close),
                    low: min(low, open, close),
                    close: close,
                    volume: 1000
                )
            )
        }
        return series
    }

    /// Two bars a day: within the day of Shanghai and at its end, or at eight and twenty.
    private static func time(of place: Int, isPerpetual: Bool) throws -> Instant {
        let day = place / 2
        if isPerpetual {
            let first = try #require(CalendarDate("2025-10-02")).adding(days: day)
            return Instant(first).adding(seconds: place % 2 == 0 ? 8 * 3600 : 20 * 3600)
        }
        // The Monday of the first week of many without a holiday.
        let first = try #require(CalendarDate("2025-02-10"))
        let date = first.adding(days: day / 5 * 7 + day % 5)
        return Instant(date).adding(seconds: place % 2 == 0 ? 3 * 3600 : 7 * 3600)
    }
}
