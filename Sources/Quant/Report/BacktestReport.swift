// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One backtest as a page: a self-contained HTML file with drawings in SVG and without scripts.
///
/// The same backtest gives the same bytes. Long curves are thinned out to their highest and
/// lowest points, so that a page stays small.
public struct BacktestReport: Sendable {
    /// The most trades that are marked on a price and the most that are listed.
    static let mostMarks = 400
    static let mostListed = 100
    /// The most symbols whose prices are drawn.
    static let mostPrices = 6

    let subject: ReportSubject
    let text: String
    let result: BacktestResult
    let history: [BarSeries]
    let costs: Costs
    let source: String

    /// Takes what a page tells.
    /// - Parameters:
    ///   - subject: The strategy.
    ///   - text: The strategy as its author wrote it.
    ///   - result: What the backtest did.
    ///   - history: The bars, of which those of the universe are drawn.
    ///   - costs: What trading cost.
    ///   - source: Where the bars come from, for the reader.
    public init(
        subject: ReportSubject,
        text: String,
        result: BacktestResult,
        history: [BarSeries],
        costs: Costs,
        source: String
    ) {
        self.subject = subject
        self.text = text
        self.result = result
        self.history = history
        self.costs = costs
        self.source = source
    }

    /// The page.
    public var html: String {
        let name = ReportText.escaped(subject.name)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(name): backtest</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            \(heading(name))
            \(tiles)
            \(equityChart.svg)
            \(drawdownChart.svg)
            \(priceCharts)
            \(monthlyTable)
            \(figureTable)
            \(tradeTable)
            \(strategySection)
            \(conventions)
            </main>
            </body>
            </html>

            """
    }

    private func heading(_ name: String) -> String {
        let symbols = subject.universe.prefix(8).map(\.description).joined(separator: ", ")
        let more = subject.universe.count > 8 ? " and \(subject.universe.count - 8) more" : ""
        let from = result.times.first.map { "\($0.date)" } ?? "–"
        let through = result.times.last.map { "\($0.date)" } ?? "–"
        let count = result.times.count
        let bars = "\(ReportText.fixed(Double(count), 0)) bar\(count == 1 ? "" : "s")"
        return """
            <header><h1>\(name)</h1>
            <p>\(symbols)\(more), \(subject.kind), \(from) to \(through), \
            \(bars) of <code>\(ReportText.escaped(source))</code></p></header>
            """
    }

    private var tiles: String {
        let metrics = result.metrics
        let entries = [
            ("Total return", ReportText.percent(metrics.totalReturn)),
            ("Growth a year", ReportText.percent(metrics.annualReturn)),
            ("Sharpe", ReportText.number(metrics.sharpe, 2)),
            ("Worst drawdown", ReportText.percent(metrics.maxDrawdown)),
            ("Trades", ReportText.fixed(Double(result.trades.count), 0)),
            ("Trades won", ReportText.percent(metrics.trading?.winRate, 1)),
        ]
        let tiles = entries.map { name, value in
            "<div><span>\(name)</span><strong>\(value)</strong></div>"
        }
        return "<section class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</section>"
    }

    /// A table with a row per entry.
    static func table(_ rows: [(String, String)]) -> String {
        let lines = rows.map { "<tr><th scope=\"row\">\($0.0)</th><td>\($0.1)</td></tr>" }
        return "<table>\n\(lines.joined(separator: "\n"))\n</table>"
    }
}
