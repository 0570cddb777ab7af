// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

/// A random strategy over random bars at random costs, the same for the same seed.
struct RandomMarket {
    let strategy: Strategy
    let history: [BarSeries]
    let costs: Costs
    let capital: Double

    private var random: SeededRandom
    /// The decimals of prices.
    private let decimals: Int

    init(seed: UInt64, days: Int) throws {
        random = SeededRandom(seed: seed)
        decimals = Self.pick([0, 1, 2, 2, 4, 6], &random)
        let names = Array(["AAA", "A.B", "B-1"].prefix(Self.pick([1, 1, 2, 3], &random)))
        capital = Self.pick([1_000, 100_000, 1_234_567.89], &random)
        costs = Costs(
            feeRate: Self.pick([0, 0.001, 0.0005, 0.000_123_45, 0.000_000_01], &random),
            slippageRate: Self.pick([0, 0.0005, 0.001, 0.000_333_33, 0.01], &random),
            feePerUnit: Self.pick([0, 0, 1.5, 0.005, 0.000_000_03], &random)
        )
        strategy = try Self.strategy(names, &random)
        var history: [BarSeries] = []
        for name in names {
            history.append(
                try Self.walk(name, days, decimals: decimals, isAlone: names.count == 1, &random)
            )
        }
        self.history = history
    }

    private static func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    private static func strategy(
        _ universe: [String],
        _ random: inout SeededRandom
    ) throws -> Strategy {
        let side = pick(["long", "short"], &random)
        var members: [JSON.Member] = [
            JSON.Member("schema", 1), JSON.Member("name", "random"), JSON.Member("family", "test"),
            JSON.Member("universe", .array(universe.map { .string($0) })),
            JSON.Member("side", .string(side)),
            JSON.Member(
                "enter",
                .string(
                    pick(["close > sma(close, 5)", "close < open", "roc(close, 2) > 0.0"], &random)
                )
            ),
            JSON.Member(
                "exit",
                .string(pick(["false", "close < sma(close, 3)", "close > open * 1.02"], &random))
            ),
        ]
        func add(_ name: String, _ choices: [JSON?]) {
            if let value = pick(choices, &random) { members.append(JSON.Member(name, value)) }
        }
        if pick([true, false, false], &random) {
            add("units", [1, .double(0.01), 7, .double(0.333_333_33)])
        } else {
            add("size", [.double(0.1), .double(0.5), 1, .double(0.333)])
            add("lot", [nil, nil, .double(0.01), .double(0.001), 10])
        }
        add("multiplier", [nil, nil, 10, 5, .double(0.1), .double(0.25)])
        add("invalidation", [nil, nil, "close == lowest(close, 10)", "close < open * 0.97"])
        add("stop", [nil, .double(0.03), .double(0.005), "atr(3)", "0.123456789 * atr(5)"])
        add("target", [nil, .double(0.05), .double(0.012_345), "2.0 * atr(3)"])
        add("hold", [nil, nil, 1, 4, 12])
        return try Strategy(.object(members))
    }

    private static func walk(
        _ name: String,
        _ days: Int,
        decimals: Int,
        isAlone: Bool,
        _ random: inout SeededRandom
    ) throws -> BarSeries {
        let symbol = try #require(Symbol(name))
        var series = BarSeries(symbol: symbol)
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        func grid(_ price: Double) -> Double { max(1, (price * scale).rounded()) / scale }
        let wildness = pick([0.005, 0.02, 0.08], &random)
        var price = pick([3, 50, 3500.0, 98_765], &random)
        for day in 0..<days {
            let open = grid(price * (1 + wildness * (random.nextUnit() - 0.5)))
            let close = grid(open * (1 + wildness * random.nextNormal() / 2))
            let high = grid(max(open, close) * (1 + wildness * random.nextUnit()))
            let low = grid(min(open, close) * (1 - wildness * random.nextUnit()))
            price = close
            // With several symbols each misses days of its own.
            guard isAlone || random.next() % 7 != 0 else { continue }
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(CalendarDate(daysSinceEpoch: 10_000 + day)),
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
}
