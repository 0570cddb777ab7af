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

    /// What the script says of one strategy over one series.
    struct Case: Sendable, CustomTestStringConvertible {
        let json: JSON
        var data: String { json["data"]?.stringValue ?? "?" }
        var strategy: String { json["strategy"]?.stringValue ?? "?" }
        var testDescription: String { "\(strategy) over \(data)" }
    }

    static let cases: [Case] = {
        let folder = Folder("\(root)/Tests/References")
        // A file that cannot be read shows as a wrong number of cases.
        let bytes = (try? folder.read("plain_backtest.jsonl")) ?? []
        return bytes.split(separator: 10).map { line in
            Case(json: (try? JSON(parsing: Array(line))) ?? .null)
        }
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
        #expect(Self.cases.count == 24)
        #expect(Self.shipped.count == 5)
    }

    @Test("every trade and the equity agree to the cent", arguments: cases)
    func agreement(_ expected: Case) throws {
        let series: BarSeries
        if expected.data.hasPrefix("walk ") {
            let seed = try #require(Int(expected.data.dropFirst(5)))
            series = Self.walk(seed, try Samples.symbol("WALK"))
        } else {
            series = try #require(Self.shipped.first { $0.symbol.description == expected.data })
        }
        let strategy = try Self.strategy(expected.strategy, series.symbol)

        let result = try Backtest.run(strategy: strategy, history: [series])

        let cents = 0.005_000_1
        let trades = try #require(expected.json["trades"]?.arrayValue)
        #expect(result.trades.count == trades.count)
        for (trade, row) in zip(result.trades, trades) {
            let numbers = (row.arrayValue ?? []).compactMap(\.doubleValue)
            #expect(trade.entryTime == series.times[Int(numbers[0])])
            #expect(trade.exitTime == series.times[Int(numbers[1])])
            // Its prices are not rounded; ours are, to eight decimals.
            #expect(abs(trade.pnl - numbers[2]) <= cents + trade.quantity * 2e-8, "\(trade)")
        }
        let last = try #require(result.equity.last)
        #expect(abs(last - (try #require(expected.json["equity"]?.doubleValue))) <= cents)
        let mean = result.equity.reduce(0, +) / Double(result.equity.count)
        #expect(abs(mean - (try #require(expected.json["mean"]?.doubleValue))) <= cents)
    }
}
