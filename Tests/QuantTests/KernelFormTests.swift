// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// The loops for any processor against those for newer ones.
@Suite("Kernel forms", .serialized)
struct KernelFormTests {
    private static func bars(_ seed: Int, count: Int) throws -> BarSeries {
        var random = SeededRandom(seed: UInt64(seed))
        let symbol = try Samples.symbol("AAA")
        var series = BarSeries(symbol: symbol)
        var price = 100.0
        for day in 0..<count {
            let open = price * (1 + 0.01 * (random.nextUnit() - 0.5))
            let close = open * (1 + 0.03 * (random.nextUnit() - 0.49))
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(CalendarDate(daysSinceEpoch: day)),
                    open: open,
                    high: max(open, close) * (1 + 0.01 * random.nextUnit()),
                    low: min(open, close) * (1 - 0.01 * random.nextUnit()),
                    close: close,
                    volume: 1000
                )
            )
            price = close
        }
        return series
    }

    private static func strategy(_ enter: String, _ exit: String, _ extra: String) throws
        -> Strategy
    {
        let text = """
            {"schema": 1, "name": "s", "family": "f", "universe": ["AAA"], "side": "long",
             "parameters": {"fast": 3, "slow": 17}, "enter": "\(enter)", "exit": "\(exit)",
             "size": 0.9\(extra)}
            """
        return try Strategy(try JSON(parsing: text))
    }

    /// What is computed with one form, to the last bit.
    private static func outcome(
        _ form: KernelForm,
        _ strategy: Strategy,
        _ series: BarSeries
    ) throws -> ([UInt64], BacktestResult, [SweepRow]) {
        KernelForm.use(form)
        defer { KernelForm.use(.wide) }
        let costs = Costs(feeRate: 0.0005, slippageRate: 0.0001)
        let result = try Backtest.run(strategy: strategy, history: [series], costs: costs)
        let figures = [
            result.metrics.neweyWestT, result.metrics.sharpe, result.metrics.maxDrawdown,
        ]
        let bits = result.equity.map(\.bitPattern) + figures.map { $0?.bitPattern ?? 0 }
        let grid = try Grid(parsing: "fast=2:8:3,slow=9:41:8")
        let runner = try SweepRunner(strategy, history: [series], grid: grid, parallel: .none)
        var rows: [SweepRow] = []
        try runner.run { rows.append($0) }
        return (bits, result, rows)
    }

    @Test(
        "both forms agree to the last bit",
        arguments: [
            ("sma(close, fast) > sma(close, slow)", "sma(close, fast) < sma(close, slow)", ""),
            ("close >= sma(close, slow)", "close < lag(close, 2)", #", "stop": 0.03"#),
            ("close != open", "low <= sma(low, fast)", #", "stop": 0.02, "target": 0.05"#),
            ("close > 90", "100 > sma(close, slow)", #", "hold": 7"#),
        ],
        [1, 3, 66, 1023, 1024, 1025, 4099]
    )
    func agreement(_ texts: (enter: String, exit: String, extra: String), _ count: Int) throws {
        let strategy = try Self.strategy(texts.enter, texts.exit, texts.extra)
        let series = try Self.bars(count, count: count)

        let portable = try Self.outcome(.portable, strategy, series)
        let wide = try Self.outcome(.wide, strategy, series)

        #expect(portable.0 == wide.0)
        #expect(portable.1 == wide.1)
        #expect(portable.2 == wide.2)
    }

    @Test("the portable form can be asked for")
    func choice() {
        let chosen = KernelForm.use(.portable)
        KernelForm.use(.wide)

        #expect(chosen == .portable)
    }

    @Test("the Newey-West figure is that of its definition", arguments: [9, 1100, 2500])
    func neweyWest(_ count: Int) throws {
        let series = try Self.bars(7, count: count)
        let strategy = try Self.strategy("true", "false", "")

        let result = try Backtest.run(strategy: strategy, history: [series])

        let returns = result.returns
        let number = Double(returns.count)
        let mean = returns.reduce(0, +) / number
        let distances = returns.map { $0 - mean }
        let lags = result.metrics.neweyWestLags
        var variance = 0.0
        for lag in 0...lags {
            let products = (lag..<distances.count).map { distances[$0] * distances[$0 - lag] }
            let weight = 1 - Double(lag) / Double(lags + 1)
            variance += (lag == 0 ? 1 : 2 * weight) * products.reduce(0, +) / number
        }
        let expected = mean / (variance / number).squareRoot()
        let figure = try #require(result.metrics.neweyWestT)
        #expect(abs(figure - expected) <= 1e-10 * abs(expected))
    }
}
