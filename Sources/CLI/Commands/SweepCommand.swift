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

    @Option(
        help: ArgumentHelp(
            "Write all combinations as CSV, or as Parquet to a .parquet file.",
            valueName: "file"
        )
    )
    var out: String?

    @Flag(help: "Continue what an interrupted sweep wrote.")
    var resume = false

    @Option(help: ArgumentHelp("Add every trial to a file of JSON lines.", valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("The figure that the best have most of.", valueName: "name"))
    var by = "sharpe"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many of the best to print.", valueName: "n")
    )
    var top = 10

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many cores to use; all by default.", valueName: "n")
    )
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
    }

    func run() throws {
        if let ledger { try NamedFile(ledger).requirePlace() }
        let file = try StrategyFile(strategy)
        guard file.json["command"] == nil else {
            throw Failure(
                "\(strategy): a program cannot be swept; run loopdesk backtest for each set of"
                    + " parameters",
                .badData
            )
        }
        let data = try BarData(bars.data, symbol: file.onlySymbol)
        let strategy = try file.strategy(of: data.symbols)
        let options = try options(for: strategy, over: data.series)
        let grid = try Grid(parsing: self.grid)
        let names = grid.axes.map(\.name)
        let runner = try data.explained(file) { () throws(QuantError) in
            try SweepRunner(
                strategy,
                history: data.series,
                grid: grid,
                options: options,
                parallel: threads.map { Parallel(width: $0) } ?? .allCores
            )
        }
        let tried = TriedStrategies.many(strategy, words: self.grid, count: grid.count)
        for desk in try DeskLedger.around([self.strategy, bars.data]) {
            try desk.count(tried, by: "sweep")
        }
        let output = try out.map { path in
            SweepFile(path, names: names, plan: try plan(strategy, grid, options, data))
        }
        let trials = try ledger.map { path in
            TrialLedger(
                path,
                strategy: strategy,
                names: names,
                data: try data.hash(),
                riskFreePerPeriod: conventions.rf / conventions.periods
            )
        }
        var best = SweepBest(by: by, most: top)
        let done = try output?.begin(resuming: resume) { best.add($0) } ?? 0
        do {
            try run(runner, from: done, into: output, output == nil ? trials : nil, &best)
        } catch let error as QuantError {
            throw data.located(error, file)
        }
        try output?.finish(into: trials)
        report(best, grid, to: Console())
    }

    /// Runs what is left of a sweep and writes every batch when it is there.
    private func run(
        _ runner: SweepRunner,
        from done: Int,
        into output: SweepFile?,
        _ trials: TrialLedger?,
        _ best: inout SweepBest
    ) throws {
        let console = Console()
        let count = runner.grid.count
        var lines: [SweepLine] = []
        func write() throws {
            if let output { try output.append(lines) }
            if let trials { try trials.append(lines) }
            lines.removeAll(keepingCapacity: true)
        }
        defer { console.endProgress() }
        guard done < count else { return }
        try runner.run(done..<count) { row in
            let line = SweepLine(row)
            best.add(line)
            lines.append(line)
            guard lines.count == Self.batch else { return }
            try write()
            console.progress("\(row.index + 1) of \(count) combinations")
        }
        try write()
    }
}
