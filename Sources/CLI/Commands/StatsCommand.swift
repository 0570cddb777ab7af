// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Quant

/// Tells what a series of returns is worth.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Compute the statistics of a series of returns.",
        discussion: """
            The file has a column named 'return', one row per period, oldest first. \
            docs/statistics.md states every formula. --trials and --matrix are about all the \
            strategies that were tried before this one was picked.

            EXAMPLES
              loopdesk stats returns.csv
              loopdesk stats returns.csv --periods 365 --rf 0.03 --json
              loopdesk stats returns.csv --trials 100 --trial-variance 0.004
              loopdesk stats returns.csv --bootstrap 10000 --seed 7
              loopdesk stats returns.csv --matrix trials.csv --blocks 16
            """
    )

    @Argument(help: ArgumentHelp("A CSV file of returns.", valueName: "file"))
    var returns: String

    @OptionGroup var conventions: ReturnConventions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many strategies were tried.", valueName: "n")
    )
    var trials: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The variance of their Sharpe ratios per period.", valueName: "v")
    )
    var trialVariance: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Resample blocks so many times.", valueName: "n")
    )
    var bootstrap: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The seed of the resampling.", valueName: "n")
    )
    var seed: UInt64 = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The mean length of a block.", valueName: "n")
    )
    var blockLength: Int?

    @Option(help: ArgumentHelp("Returns of all trials, one column each.", valueName: "file"))
    var matrix: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The blocks to split the matrix into.", valueName: "n")
    )
    var blocks = 16

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    func validate() throws {
        try conventions.check()
        if let trials, trials < 1 {
            throw ValidationError("--trials must be at least 1.")
        }
        if let trialVariance, !(trialVariance >= 0 && trialVariance.isFinite) {
            throw ValidationError("--trial-variance must be a number of at least 0.")
        }
        if (trials ?? 1) > 1, trialVariance == nil {
            throw ValidationError("--trials needs --trial-variance.")
        }
        if trials == nil, trialVariance != nil {
            throw ValidationError("--trial-variance needs --trials.")
        }
    }

    func run() throws {
        let file = NamedFile(returns)
        let bytes = try file.read(limitBytes: 1 << 30)
        let values = try Self.about(file) { () throws(QuantError) in
            try ReturnsCSV.parse(bytes)
        }
        let report = ReturnsReport(
            performance: Performance(
                returns: values,
                periodsPerYear: conventions.periods,
                riskFree: conventions.rf
            ),
            returns: values,
            trials: trials.map { ($0, trialVariance ?? 0) },
            bootstrap: try intervals(of: values),
            overfitting: try overfitting()
        )
        if json {
            Console().say(report.json)
        } else {
            report.say(to: Console(), about: returns)
        }
    }
}
