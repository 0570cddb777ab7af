// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension BacktestCommand {
    /// What was run, at what costs, and what came of it.
    typealias Outcome = (subject: ReportSubject, costs: Costs, result: BacktestResult)

    /// Runs the strategy of a file by its kind.
    func perform(_ file: StrategyFile, _ data: BarData) throws -> Outcome {
        guard engine == .backtest || file.json["command"] ?? file.json["walk_forward"] == nil else {
            throw Failure(
                "\(file.file.name): --engine \(engine.rawValue) trades strategies of rules that "
                    + "are not refitted; leave the option out",
                .badData
            )
        }
        if file.json["command"] != nil { return try runProgram(file, data) }
        if let member = file.json["walk_forward"] { return try walk(file, data, member) }
        let strategy = try file.strategy(of: data.symbols)
        let window = try bars.window()
        let costs = try costs(strategy.costs, strategy.universe, data)
        try count(.strategy(strategy))
        guard engine == .backtest else {
            return (ReportSubject(strategy), costs, try trade(strategy, data, costs, window))
        }
        let result = try data.explained(file) { () throws(QuantError) in
            try PreparedStrategy(strategy, history: data.series, dialect: trading.dialect).run(
                window: window,
                costs: costs,
                capital: trading.capital,
                periodsPerYear: conventions.periods,
                riskFree: conventions.rf
            )
        }
        return (ReportSubject(strategy), costs, result)
    }

    /// What trading costs over the window.
    private func costs(_ own: Costs?, _ universe: [Symbol], _ data: BarData) throws -> Costs {
        try trading.costs(
            insteadOf: own,
            over: data.series,
            of: universe,
            from: try bars.window()?.from
        )
    }

    /// Counts what is tried on the desks around it.
    private func count(_ tried: TriedStrategies) throws {
        for desk in try DeskLedger.around([strategy, bars.data]) {
            try desk.count(tried, by: "backtest")
        }
    }

    private func runProgram(_ file: StrategyFile, _ data: BarData) throws -> Outcome {
        let runner = ProgramRunner(folder: file.file.folder)
        let strategy = try file.program(of: data.symbols, runner)
        try count(.program(strategy))
        let costs = try costs(strategy.costs, strategy.universe, data)
        try costs.requirePlain()
        do {
            let result = try strategy.run(
                history: data.series,
                window: try bars.window(),
                costs: costs,
                capital: trading.capital,
                periodsPerYear: conventions.periods,
                riskFree: conventions.rf,
                program: runner.run
            )
            return (ReportSubject(strategy), costs, result)
        } catch let error as QuantError {
            throw data.located(error, file)
        }
    }

    private func walk(_ file: StrategyFile, _ data: BarData, _ member: JSON) throws -> Outcome {
        let strategy = try file.strategy(of: data.symbols)
        let costs = try costs(strategy.costs, strategy.universe, data)
        var settings = WalkForward.Settings()
        settings.costs = costs
        settings.capital = trading.capital
        settings.periodsPerYear = conventions.periods
        settings.riskFree = conventions.rf
        settings.dialect = trading.dialect
        settings.parallel = .allCores
        let window = try bars.window()
        let (walkForward, combinations) = try data.explained(file) { () throws(QuantError) in
            let walkForward = try WalkForward(member)
            return (walkForward, try walkForward.combinations())
        }
        try count(
            .many(strategy, words: member.canonical.compactText, count: combinations.count)
        )
        return try data.explained(file) { () throws(QuantError) in
            let run = try walkForward.run(
                strategy,
                combinations: combinations,
                history: data.series,
                window: window,
                settings: settings
            )
            return (ReportSubject(strategy, walkForward), costs, run.result)
        }
    }
}
