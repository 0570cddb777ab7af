// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// One combination of a sweep, as it is written.
struct SweepLine: Sendable {
    /// The figures that are written, by name and in order; the last five are what a trial ledger
    /// needs.
    static let figures = [
        "trades", "total_return", "cagr", "volatility", "sharpe", "sortino", "calmar",
        "max_drawdown", "psr", "turnover", "exposure", "win_rate", "profit_factor", "final_equity",
        "periods", "mean", "sd", "skew", "kurtosis",
    ]
    /// The figures of which less is better.
    static let losses = ["volatility", "max_drawdown", "turnover", "sd"]

    /// The number of the combination, from 0.
    let index: Int
    /// The values, in the order of the grid's names.
    let values: [Double]
    /// The hash of the strategy with these values.
    let hash: String
    /// One value for each of ``figures``; nil where undefined.
    let figures: [Double?]

    init(_ row: SweepRow) {
        let metrics = row.metrics
        let trading = metrics.trading
        index = row.index
        values = row.values
        hash = row.hash.description
        figures = [
            trading.map { Double($0.trades) }, metrics.totalReturn, metrics.annualReturn,
            metrics.volatility, metrics.sharpe, metrics.sortino, metrics.calmar,
            metrics.maxDrawdown, metrics.psr, trading?.turnover, trading?.exposure,
            trading?.winRate, trading?.profitFactor, row.finalEquity, Double(metrics.periods),
            metrics.mean, metrics.standardDeviation, metrics.moments.skewness,
            metrics.moments.kurtosis,
        ]
    }

    /// Reads a row of a file; nil when it is not whole.
    init?(_ row: Substring, parameters: Int) {
        let fields = row.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == parameters + 2 + Self.figures.count,
            let index = Int(fields[0])
        else { return nil }
        let values = fields[1...parameters].compactMap { Double($0) }
        guard values.count == parameters else { return nil }
        self.index = index
        self.values = values
        hash = String(fields[parameters + 1])
        figures = fields[(parameters + 2)...].map { Double($0) }
    }

    /// The names of the columns for those parameters.
    static func header(_ names: [String]) -> String {
        (["combination"] + names + ["strategy"] + figures).joined(separator: ",")
    }

    /// The combination as a row.
    var row: String {
        let texts = ["\(index)"] + values.map(Self.text) + [hash]
        return (texts + figures.map { $0.map(Self.text) ?? "" }).joined(separator: ",")
    }

    /// The figure of that name.
    func figure(_ name: String) -> Double? {
        Self.figures.firstIndex(of: name).flatMap { figures[$0] }
    }

    /// The combination as an object, its parameters by name.
    func json(_ names: [String]) -> JSON {
        let parameters = zip(names, values).map { JSON.Member($0, .number($1)) }
        var members = [
            JSON.Member("combination", .int(Int64(index))),
            JSON.Member("parameters", .object(parameters)),
            JSON.Member("strategy", .string(hash)),
        ]
        for (name, value) in zip(Self.figures, figures) {
            members.append(JSON.Member(name, Figure.json(value)))
        }
        return .object(members)
    }

    private static func text(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
