// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Quant

/// Runs a strategy over history and tells what it would have done.
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Run a strategy over a file of bars.",
        discussion: """
            A strategy is a YAML or JSON file; docs/strategies.md has its members. Bars are CSV \
            with the columns timestamp, open, high, low, close, volume, and symbol if there are \
            several. What is decided at a close is filled at the next open. A strategy may also be \
            a program, or refit its parameters as it goes.

            EXAMPLES
              loopdesk backtest sma-cross.yaml --data bars.csv
              loopdesk backtest sma-cross.yaml --data bars.csv --from 2020-01-01 --json
              loopdesk backtest sma-cross.yaml --data bars.csv --html report.html
              loopdesk backtest sma-cross.yaml --data bars.csv --fee 0.001 --trades t.csv
              loopdesk backtest sma-cross.yaml --data bars.csv --engine exchange
            """
    )

    @Argument(help: ArgumentHelp("The strategy.", valueName: "file"))
    var strategy: String

    @OptionGroup var bars: BarOptions
    @OptionGroup var trading: TradingOptions
    @OptionGroup var conventions: ReturnConventions

    @Option(
        help: ArgumentHelp(
            "What trades it: backtest, exchange (the paper exchange) or live (the same, each bar "
                + "without those to come). The fills are the same.",
            valueName: "name"
        )
    )
    var engine = TradingEngine.backtest

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    @Option(help: ArgumentHelp("Write a report as one HTML file.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Write the trades as CSV.", valueName: "file"))
    var trades: String?

    @Option(help: ArgumentHelp("Write the equity at each close as CSV.", valueName: "file"))
    var equity: String?

    @Option(
        help: ArgumentHelp("Write the returns as CSV, for loopdesk stats.", valueName: "file")
    )
    var returns: String?

    func validate() throws {
        try conventions.check()
        try trading.check()
        _ = try bars.window()
    }

    func run() throws {
        for path in [html, trades, equity, returns] {
            if let path { try NamedFile(path).requirePlace() }
        }
        let file = try StrategyFile(strategy)
        let data = try BarData(bars.data, symbol: file.onlySymbol)
        let (subject, costs, result) = try perform(file, data)
        try write(result)
        if let html {
            let report = BacktestReport(
                subject: subject,
                text: file.text,
                result: result,
                history: data.series,
                costs: costs,
                source: data.file.name
            )
            try NamedFile(html).write(Array(report.html.utf8))
        }
        let summary = BacktestSummary(strategy: subject, result: result)
        if json {
            Console().say(summary.json)
        } else {
            summary.say(to: Console())
        }
    }

    private func write(_ result: BacktestResult) throws {
        if let trades { try NamedFile(trades).write(result.tradesCSV) }
        if let equity { try NamedFile(equity).write(result.equityCSV) }
        if let returns { try NamedFile(returns).write(result.returnsCSV) }
    }
}
