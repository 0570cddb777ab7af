// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Quant

/// Runs the whole gate on one strategy, outside any desk.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run every test of the gate on a strategy.",
        discussion: """
            The bars through the seal are for the development tests. Only if all of them hold are \
            the sealed years behind it read. docs/gate.md explains each test. Say how many \
            strategies were tried before this one: the best of many is lucky.

            The exit status is 0 when every test held and 1 when the strategy is refused.

            EXAMPLES
              loopdesk verify cross.yaml --data bars.csv
              loopdesk verify cross.yaml --data bars/ --trials 50 --trial-variance 0.0005
              loopdesk verify cross.yaml --data bars.csv --ledger trials.jsonl --json

            In a desk the run is counted, the desk's own count of trials holds if it is greater \
            than the one that is stated, and a look at sealed data is the idea's one look.
            """
    )

    @Argument(help: ArgumentHelp("The strategy.", valueName: "file"))
    var strategy: String

    @Option(help: ArgumentHelp("A file of bars, or a folder of them.", valueName: "path"))
    var data: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many strategies were tried, this one included.", valueName: "n")
    )
    var trials: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The variance of their Sharpe ratios per period.", valueName: "v")
    )
    var trialVariance: Double?

    @Option(help: ArgumentHelp("The trials that a sweep wrote, instead.", valueName: "file"))
    var ledger: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The years at the end that are sealed.", valueName: "n")
    )
    var sealedYears = 2

    @OptionGroup var trading: TradingOptions
    @OptionGroup var conventions: ReturnConventions

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    func validate() throws {
        try conventions.check()
        try trading.check()
        guard (1...100).contains(sealedYears) else {
            throw ValidationError("--sealed-years must be from 1 to 100.")
        }
        if let trials, trials < 1 {
            throw ValidationError("--trials must be at least 1.")
        }
        if let trialVariance, !(trialVariance >= 0 && trialVariance.isFinite) {
            throw ValidationError("--trial-variance must be a number of at least 0.")
        }
        if trialVariance != nil, trials == nil {
            throw ValidationError("--trial-variance needs --trials.")
        }
        if ledger != nil, trials != nil {
            throw ValidationError("give either --ledger or --trials.")
        }
    }

    func run() throws {
        let file = try StrategyFile(strategy)
        let bars = try BarFolder(data, symbol: file.onlySymbol, wanted: file.universe)
        let subject = try subject(of: file, bars)
        guard let last = bars.series.compactMap(\.times.last).max() else {
            throw Failure("\(data): there are no bars", .badData)
        }
        let facts = try ledger.map { try TrialFile($0).facts(with: subject) }
        let tried = TriedStrategies(subject)
        let desks = try DeskLedger.around([strategy, data])
        for desk in desks { try desk.count(tried, by: "verify") }
        let seal = Instant(last.date.adding(years: -sealedYears))
        let terms = try terms(of: subject, bars.series)
        let others = VerifiedTrials(
            subject,
            told: facts ?? TrialFacts(trials: trials ?? 1, variance: trialVariance),
            id: tried.id,
            desks: desks,
            history: bars.series,
            seal: seal,
            terms: terms
        )
        let verdict = Gate(terms).judge(
            subject,
            history: bars.series,
            seal: seal,
            facts: others.facts,
            looked: others.looked
        )
        if verdict.looked {
            for desk in desks { try desk.look(tried, through: last.date) }
        }
        if json {
            Console().say(verdict.json)
        } else {
            let isCounted = trials != nil || ledger != nil || !desks.isEmpty
            VerdictTable(verdict, wasToldTrials: isCounted).say(to: Console())
        }
        guard verdict.passed else { throw ExitCode(Failure.Status.failed.rawValue) }
    }

    private func terms(of subject: GateSubject, _ series: [BarSeries]) throws -> GateTerms {
        var terms = GateTerms()
        terms.costs = try trading.costs(
            insteadOf: subject.costs,
            over: series,
            of: subject.universe
        )
        if case .program = subject, let costs = terms.costs { try costs.requirePlain() }
        terms.capital = trading.capital
        terms.dialect = trading.dialect
        terms.periodsPerYear = conventions.periods
        terms.riskFree = conventions.rf
        return terms
    }

    private func subject(of file: StrategyFile, _ bars: BarFolder) throws -> GateSubject {
        if file.json["walk_forward"] != nil {
            throw Failure(
                "\(file.file.path): walk_forward: the gate refits a strategy by itself; leave the"
                    + " member out and write the parameters that you would trade with",
                .badData
            )
        }
        guard file.json["command"] != nil else {
            return .strategy(try file.strategy(of: bars.symbols))
        }
        let runner = ProgramRunner(folder: file.file.folder)
        return .program(try file.program(of: bars.symbols, runner), run: runner.run)
    }
}
