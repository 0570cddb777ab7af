// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// What `backtest` prints.
struct BacktestSummary {
    let strategy: ReportSubject
    let result: BacktestResult

    /// The object that `--json` prints; a figure that is not defined is null.
    var json: JSON {
        let trading = result.metrics.trading
        var members = [
            JSON.Member("bars", .int(Int64(result.times.count))),
            JSON.Member("trades", .int(Int64(result.trades.count))),
        ]
        members += result.metrics.returnFigures.map { JSON.Member($0.name, Figure.json($0.value)) }
        members += [
            JSON.Member("turnover", Figure.json(trading?.turnover)),
            JSON.Member("exposure", Figure.json(trading?.exposure)),
            JSON.Member("win_rate", Figure.json(trading?.winRate)),
            JSON.Member("profit_factor", Figure.json(trading?.profitFactor)),
            JSON.Member("final_equity", Figure.json(result.equity.last)),
            JSON.Member("name", .string(strategy.name)),
            JSON.Member("strategy", .string(strategy.hash.description)),
            JSON.Member("from", Self.time(result.times.first)),
            JSON.Member("through", Self.time(result.times.last)),
        ]
        return .object(members)
    }

    /// Prints a table.
    func say(to console: Console) {
        let metrics = result.metrics
        let trading = metrics.trading
        let symbols = strategy.universe.prefix(6).map(\.description).joined(separator: ", ")
        let more = strategy.universe.count > 6 ? ", …" : ""
        let from = result.times.first.map { "\($0.date)" } ?? ""
        let through = result.times.last.map { "\($0.date)" } ?? ""
        console.say(
            "\(strategy.name): \(symbols)\(more), \(result.times.count) bars from \(from)"
                + " through \(through)\n"
        )
        console.table([
            ("trades", "\(result.trades.count)"),
            ("final equity", Figure.text(result.equity.last, 2)),
            ("total return", Figure.percent(metrics.totalReturn)),
            ("growth per year", Figure.percent(metrics.annualReturn)),
            ("volatility per year", Figure.percent(metrics.volatility)),
            ("Sharpe ratio", Figure.text(metrics.sharpe, 4)),
            ("Sortino ratio", Figure.text(metrics.sortino, 4)),
            ("Calmar ratio", Figure.text(metrics.calmar, 4)),
            ("worst drawdown", Figure.percent(metrics.maxDrawdown)),
            (
                "t of the mean",
                "\(Figure.text(metrics.neweyWestT, 4)) (Newey-West, \(metrics.neweyWestLags) lags)"
            ),
            ("P(Sharpe > 0)", Figure.text(metrics.psr, 6)),
            ("turnover per year", Figure.text(trading?.turnover, 2)),
            ("time in the market", Figure.percent(trading?.exposure)),
            ("trades won", Figure.percent(trading?.winRate)),
            ("gains over losses", Figure.text(trading?.profitFactor, 4)),
        ])
        console.say("\nstrategy \(strategy.hash.short)")
    }

    private static func time(_ instant: Instant?) -> JSON {
        instant.map { .string($0.description) } ?? .null
    }
}
