// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// What `stats` prints.
///
/// The object has every member that a backtest's has; what only trades or bars could tell is null.
struct ReturnsReport {
    let performance: Performance
    let returns: [Double]
    let trials: (count: Int, variance: Double)?
    let bootstrap: BlockBootstrap?
    let overfitting: BacktestOverfitting?

    /// The object that `--json` prints.
    var json: JSON {
        var members = [
            JSON.Member("periods", .int(Int64(returns.count))), JSON.Member("bars", .null),
            JSON.Member("trades", .null),
        ]
        members += performance.returnFigures.map { JSON.Member($0.name, Figure.json($0.value)) }
        members += ["turnover", "exposure", "win_rate", "profit_factor"].map {
            JSON.Member($0, .null)
        }
        members += [
            JSON.Member("final_equity", Figure.json(performance.totalReturn.map { 1 + $0 })),
            JSON.Member("skew", Figure.json(performance.moments.skewness)),
            JSON.Member("kurtosis", Figure.json(performance.moments.kurtosis)),
            JSON.Member("newey_west_lags", .int(Int64(performance.neweyWestLags))),
            JSON.Member("dsr", Figure.json(dsr)),
            JSON.Member("mean", Figure.json(performance.mean)),
            JSON.Member("naive_t", Figure.json(performance.naiveT)),
            JSON.Member("sharpe_per_period", Figure.json(performance.sharpePerPeriod)),
            JSON.Member("periods_per_year", .number(performance.periodsPerYear)),
            JSON.Member("rf", .number(performance.riskFree)),
        ]
        if let trials {
            members += [
                JSON.Member("trials", .int(Int64(trials.count))),
                JSON.Member("trial_variance", .number(trials.variance)),
                JSON.Member("expected_maximum", .number(luck(trials))),
            ]
        }
        if let bootstrap { members.append(JSON.Member("bootstrap", Self.json(bootstrap))) }
        if let overfitting {
            members += [
                JSON.Member("pbo", .number(overfitting.probability)),
                JSON.Member("pbo_splits", .int(Int64(overfitting.ranks.count))),
            ]
        }
        return .object(members)
    }

    /// Prints a table.
    func say(to console: Console, about file: String) {
        let figures = performance
        console.say("\(file): \(returns.count) periods\n")
        console.table(
            [
                ("total return", Figure.percent(figures.totalReturn)),
                ("growth per year", Figure.percent(figures.annualReturn)),
                ("volatility per year", Figure.percent(figures.volatility)),
                ("Sharpe ratio", Figure.text(figures.sharpe, 4)),
                ("Sortino ratio", Figure.text(figures.sortino, 4)),
                ("Calmar ratio", Figure.text(figures.calmar, 4)),
                ("worst drawdown", Figure.percent(figures.maxDrawdown)),
                (
                    "t of the mean",
                    "\(Figure.text(figures.neweyWestT, 4)) (Newey-West,"
                        + " \(figures.neweyWestLags) lags),"
                        + " \(Figure.text(figures.naiveT, 4)) (independent)"
                ),
                ("skew", Figure.text(figures.moments.skewness, 4)),
                ("kurtosis", "\(Figure.text(figures.moments.kurtosis, 4)) (normal is 3)"),
                ("P(Sharpe > 0)", Figure.text(figures.psr, 6)),
            ] + further
        )
        console.say(
            "\n\(Figure.text(figures.periodsPerYear, 4)) periods a year, riskless rate"
                + " \(Figure.percent(figures.riskFree)) a year"
        )
    }

    private var further: [(String, String)] {
        var rows: [(String, String)] = []
        if let trials {
            rows.append(
                (
                    "P(Sharpe > luck)",
                    "\(Figure.text(dsr, 6)) (the best of \(trials.count) trials shows"
                        + " \(Figure.text(luck(trials), 6)) a period)"
                )
            )
        }
        if let bootstrap {
            let level = Figure.text(bootstrap.confidence * 100, 1)
            rows.append(("mean, \(level) %", Self.text(bootstrap.mean, 8)))
            rows.append(
                ("Sharpe, \(level) %", bootstrap.sharpe.map { Self.text($0, 4) } ?? "undefined")
            )
        }
        if let overfitting {
            rows.append(
                (
                    "P(overfitting)",
                    "\(Figure.text(overfitting.probability, 4)) over \(overfitting.ranks.count)"
                        + " splits"
                )
            )
        }
        return rows
    }

    private var dsr: Double? {
        trials.flatMap { performance.dsr(trials: $0.count, trialVariance: $0.variance) }
    }

    private func luck(_ trials: (count: Int, variance: Double)) -> Double {
        SharpeSignificance.expectedMaximum(trials: trials.count, variance: trials.variance)
    }

    private static func json(_ bootstrap: BlockBootstrap) -> JSON {
        [
            "scheme": .string(bootstrap.scheme.rawValue),
            "resamples": .int(Int64(bootstrap.resamples)),
            "block_length": .int(Int64(bootstrap.blockLength)),
            "confidence": .number(bootstrap.confidence),
            "mean": json(bootstrap.mean),
            "sharpe": bootstrap.sharpe.map(json) ?? .null,
        ]
    }

    private static func json(_ interval: BlockBootstrap.Interval) -> JSON {
        [.number(interval.lower), .number(interval.upper)]
    }

    private static func text(_ interval: BlockBootstrap.Interval, _ places: Int) -> String {
        "\(Figure.text(interval.lower, places)) to \(Figure.text(interval.upper, places))"
    }
}
