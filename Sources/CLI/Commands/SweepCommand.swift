// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Quant

/// Runs a strategy with every combination of parameters.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run a strategy with every combination of a grid of parameters.",
        discussion: """
            A grid is 'name=start:end:step', 'name=a|b|c' or 'name=a', joined by commas; the last \
            name is the fastest. An interrupted sweep leaves FILE.part, which --resume continues. \
            A ledger holds what loopdesk stats --trials wants to know about the trials.

            EXAMPLES
              loopdesk sweep s.yaml --grid fast=5:50:5,slow=20:200:10 --data bars.csv
              loopdesk sweep s.yaml --grid 'n=5|10|20' --data bars.csv --out rows.csv
              loopdesk sweep s.yaml --grid n=2:99:1 --data bars.csv --out rows.csv --resume
              loopdesk sweep s.yaml --grid n=2:99:1 --data bars.csv --by calmar --top 5
            """
    )

    @Argument(help: ArgumentHelp("The strategy.", valueName: "file"))
    var strategy: String

    @Option(help: ArgumentHelp("The values to combine.", valueName: "grid"))
    var grid: String

    @OptionGroup var bars: BarOptions
    @OptionGroup var trading: TradingOptions
    @OptionGroup var conventions: ReturnConventions

    @Option(help: ArgumentHelp("Write all combinations as CSV.", valueName: "file"))
    var out: String?

    @Flag(help: "Continue what an interrupted sweep wrote.")
    var resume = false

    @Option(help: ArgumentHelp("Add every trial to a file of JSON lines.", valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("The figure that the best have most of.", valueName: "name"))
    var by = "sharpe"

    @Option(help: ArgumentHelp("How many of the best to print.", valueName: "n"))
    var top = 10

    @Option(help: ArgumentHelp("How many cores to use; all by default.", valueName: "n"))
    var threads: Int?

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    /// The combinations that are run between two writes.
    static let batch = 256

    func validate() throws {
        try conventions.check()
        try trading.check()
        _ = try bars.window()
        guard SweepLine.figures.contains(by) else {
            let near = NearestName(to: by, among: SweepLine.figures).name
            throw ValidationError(
                "--by: '\(by)' is none of \(SweepLine.figures.joined(separator: ", "))"
                    + "\(near.map { "; did you mean '\($0)'?" } ?? ".")"
            )
        }
        guard (0...1000).contains(top) else { throw ValidationError("--top: from 0 to 1000.") }
        guard (1...1024).contains(threads ?? 1) else {
            throw ValidationError("--threads: from 1 to 1024.")
        }
        guard !resume || out != nil else { throw ValidationError("--resume needs --out.") }
        if let out, NamedFile(out).suffix == "parquet" {
            throw ValidationError("--out: combinations are written as CSV; name a .csv file.")
        }
    }

    func run() throws {
        let file = try StrategyFile(strategy)
        let data = try BarData(bars.data, symbol: file.onlySymbol)
        let strategy = try file.strategy(of: data.symbols)
        let engine = try engine(strategy, data)
        let plan = try plan(engine, data)
        let output = out.map { SweepFile($0, names: engine.grid.names, plan: plan) }
        let trials = try ledger.map { path in
            TrialLedger(
                path,
                strategy: strategy,
                names: engine.grid.names,
                data: try data.hash(),
                riskFreePerPeriod: conventions.rf / conventions.periods
            )
        }
        var best = SweepBest(by: by, most: top)
        var done = try output?.begin(resuming: resume) { best.add($0) } ?? 0
        let console = Console()
        while done < engine.grid.count {
            let end = min(done + Self.batch, engine.grid.count)
            let start = done
            let lines = try data.explained(file) { () throws(QuantError) in
                try engine.lines(start..<end)
            }
            for line in lines { best.add(line) }
            if let output { try output.append(lines) } else { try trials?.append(lines) }
            done = end
            console.progress("\(done) of \(engine.grid.count) combinations")
        }
        console.endProgress()
        try output?.finish()
        if let output, let trials { try output.forEachRow { try trials.append([$0]) } }
        report(best, engine.grid, to: console)
    }
}
