// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// The engine beside Tests/References/plain_backtest.py, a bar-by-bar loop in floating point.
@Suite("Backtests beside a plain loop")
struct BacktestReferenceTests {
    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    static let lines: [String] = {
        let folder = Folder("\(root)/Tests/References")
        // A file that cannot be read shows as a wrong number of cases.
        let bytes = (try? folder.read("plain_backtest.jsonl")) ?? []
        return bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }()

    private static let shipped: [BarSeries] = {
        // The same holds for the bars.
        (try? BarCSV.load("us-equities-daily.csv", in: Folder("\(root)/data")).series) ?? []
    }()

    /// The walk of the script: whole cents from a linear congruential generator.
    private static func walk(_ seed: Int, _ symbol: Symbol) -> BarSeries {
        var state = seed
        var price = 10_000
        func draw() -> Int {
            state = (1_103_515_245 * state + 12_345) % (1 << 31)
            return state >> 16
        }
        var series = BarSeries(symbol: symbol)
        for day in 0..<4000 {
            let draws = (draw(), draw(), draw(), draw())
            let open = max(1000, price + draws.0 % 21 - 10)
            price = max(1000, open + draws.1 % 101 - 50)
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(CalendarDate(daysSinceEpoch: day)),
                    open: Double(open) / 100,
                    high: Double(max(open, price) + draws.2 % 31) / 100,
                    low: Double(min(open, price) - draws.3 % 31) / 100,
                    close: Double(price) / 100,
                    volume: 1000
                )
            )
        }
        return series
    }

    private static func strategy(_ name: String, _ symbol: Symbol) throws -> Strategy {
        let members =
            switch name {
            case "cross":
                """
                "side": "long", "enter": "sma(close, 20) > sma(close, 50)", "size": 1,
                "exit": "sma(close, 20) < sma(close, 50)", "costs": {"fee": 0.0005}
                """
            case "levels":
                """
                "side": "long", "enter": "close > sma(close, 10)", "exit": "false", "size": 0.5,
                "stop": 0.03, "target": 0.05, "hold": 15,
                "costs": {"fee": 0.001, "slippage": 0.0002}
                """
            default:
                """
                "side": "short", "enter": "close < sma(close, 10)", "size": 0.5,
                "exit": "close > sma(close, 10)", "stop": 0.03, "target": 0.05, "hold": 15,
                "costs": {"fee": 0.001, "slippage": 0.0002}
                """
            }
        return try Strategy(
            try JSON(
                parsing: """
                    {"schema": 1, "name": "s", "family": "f", "universe": ["\(symbol)"], \(members)}
                    """
            )
        )
    }

    @Test("there is a line for every series and strategy")
    func completeness() {
        #expect(Self.lines.count == 24)
        #expect(Self.shipped.count == 5)
    }

    @Test("every trade and the equity agree to the cent", arguments: lines)
    func agreement(_ line: String) throws {
        let expected = try JSON(parsing: line)
        let name = try #require(expected["data"]?.stringValue)
        let series: BarSeries
        if name.hasPrefix("walk ") {
            series = Self.walk(try #require(Int(name.dropFirst(5))), try Samples.symbol("WALK"))
        } else {
            series = try #require(Self.shipped.first { $0.symbol.description == name })
        }
        let kind = try #require(expected["strategy"]?.stringValue)
        let strategy = try Self.strategy(kind, series.symbol)

        let result = try Backtest.run(strategy: strategy, history: [series])

        let cents = 0.005_000_1
        let trades = try #require(expected["trades"]?.arrayValue)
        #expect(result.trades.count == trades.count)
        for (trade, row) in zip(result.trades, trades) {
            let numbers = (row.arrayValue ?? []).compactMap(\.doubleValue)
            #expect(trade.entryTime == series.times[Int(numbers[0])])
            #expect(trade.exitTime == series.times[Int(numbers[1])])
            #expect(abs(trade.pnl - numbers[2]) <= cents, "\(trade)")
        }
        let last = try #require(result.equity.last)
        #expect(abs(last - (try #require(expected["equity"]?.doubleValue))) <= cents)
        let mean = result.equity.reduce(0, +) / Double(result.equity.count)
        #expect(abs(mean - (try #require(expected["mean"]?.doubleValue))) <= cents)
    }
}
