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
        defer { KernelForm.use(.widest) }
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
        "all forms agree to the last bit",
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
        let others = try [KernelForm.wide, .widest].map {
            try Self.outcome($0, strategy, series)
        }

        for other in others {
            #expect(portable.0 == other.0)
            #expect(portable.1 == other.1)
            #expect(portable.2 == other.2)
        }
    }

    /// All columns of a panel, to the last bit.
    private static func panel(
        _ form: KernelForm,
        _ high: [Double],
        _ low: [Double],
        _ close: [Double]
    ) -> [[UInt64]] {
        KernelForm.use(form)
        defer { KernelForm.use(.widest) }
        let panel = MarketPanel.columns(high: high, low: low, close: close)
        return [
            panel.average20, panel.average50, panel.macd.line, panel.macd.signal,
            panel.macd.histogram, panel.strength7, panel.strength14, panel.range3, panel.range14,
        ].map { $0.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
    }

    @Test(
        "the panel is the same in all forms, with and without gaps",
        arguments: [127, 128, 129, 1000, 262_144, 262_159]
    )
    func panels(_ count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        var close: [Double] = []
        for _ in 0..<count {
            close.append((close.last ?? 100) * (1 + 0.02 * (random.nextUnit() - 0.5)))
        }
        var (high, low) = (close.map { $0 * 1.01 }, close.map { $0 * 0.99 })
        for row in [700, 701, 200_000] where row < count { high[row] = .infinity }
        // Without any movement there is no gain and no loss.
        for row in 300..<400 where row < count { (high[row], low[row], close[row]) = (9, 9, 9) }
        low[count / 2] = .nan

        let portable = Self.panel(.portable, high, low, close)

        #expect(portable.allSatisfy { $0.count == count })
        for form in [KernelForm.wide, .widest] {
            #expect(Self.panel(form, high, low, close) == portable)
        }
    }

    @Test("the portable form can be asked for")
    func choice() {
        let chosen = KernelForm.use(.portable)
        KernelForm.use(.widest)

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
