// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Look-ahead")
struct LookAheadTests {
    private static let numbers = [
        "close", "open", "sma(close, 5)", "ema(close, 8)", "rsi(close, 7)",
        "macd(close, 3, 6, 4)", "macd_signal(close, 3, 6, 4)", "macd_hist(close, 3, 6, 4)",
        "atr(5)", "true_range()", "lag(close, 3)", "highest(high, 6)", "lowest(low, 6)",
        "stdev(close, 5)", "zscore(close, 5)", "roc(close, 4)", "regression_forecast(8)",
        "regression_r2(8)", "ibs()", "max(open, lag(close, 1))", "session_of_month()",
        "weekdays_left_in_month()", "day_of_week()", "sma(rsi(close, 3), 4)",
        "ema(ibs(), 5)", "highest(true_range(), 5)",
    ]

    private static func randomStrategy(_ random: inout SeededRandom) throws -> Strategy {
        func pick() -> String { numbers[Int(random.next() % UInt64(numbers.count))] }
        let signs = ["<", ">", "<=", ">="]
        func condition() -> String {
            "\(pick()) \(signs[Int(random.next() % 4)]) \(pick()) * \(0.5 + random.nextUnit())"
        }
        return try Samples.strategy(
            enter: "\(condition()) && feature > 0.0 || \(condition())",
            exit: condition(),
            extra: [JSON.Member("features", ["feature": .string(pick())])]
        )
    }

    @Test("a decision is the same when the future is cut off or replaced", arguments: 0..<40)
    func future(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let strategy = try Self.randomStrategy(&random)
        let symbol = try Samples.symbol("AAA")
        let from = try #require(CalendarDate("2022-01-03"))
        let feed = SimulatedFeed(seed: UInt64(seed), symbols: [symbol], from: from, sessions: 120)
        let series = try #require(feed.series.first)
        let full = try #require(
            try PreparedStrategy(strategy, history: [series]).decisions(of: symbol)
        )

        for count in [1, 2, 20, 37, 64, 90, 119] {
            let past = series[0..<count]
            var altered = past
            for bar in series[count..<series.count].bars {
                altered.append(
                    Bar(
                        symbol: symbol,
                        time: bar.time,
                        open: bar.low,
                        high: bar.high * 3,
                        low: bar.low / 2,
                        close: bar.high * 2,
                        volume: bar.volume * 7
                    )
                )
            }
            for history in [past, altered] {
                let part = try #require(
                    try PreparedStrategy(strategy, history: [history]).decisions(of: symbol)
                )
                #expect(Array(part.enter.prefix(count)) == Array(full.enter.prefix(count)))
                #expect(Array(part.exit.prefix(count)) == Array(full.exit.prefix(count)))
            }
        }
    }

    @Test("equity up to an instant does not depend on what comes after it")
    func equity() throws {
        let symbol = try Samples.symbol("AAA")
        let from = try #require(CalendarDate("2022-01-03"))
        let feed = SimulatedFeed(seed: 9, symbols: [symbol], from: from, sessions: 200)
        let series = try #require(feed.series.first)
        let strategy = try Samples.strategy(enter: "ibs() < 0.3", exit: "ibs() > 0.6")

        let whole = try Backtest.run(strategy: strategy, history: [series])
        let part = try Backtest.run(strategy: strategy, history: [series[0..<120]])

        #expect(whole.equity.prefix(120) == part.equity[...])
    }
}
