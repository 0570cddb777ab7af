// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Walking forward")
struct WalkForwardTests {
    static func plan(_ train: Int, _ test: Int, by: String = "sharpe") throws -> WalkForward {
        try WalkForward(
            [
                "train": .int(Int64(train)), "test": .int(Int64(test)), "grid": "n=2:20:6",
                "by": .string(by),
            ]
        )
    }

    static func strategy() throws -> Strategy {
        try Samples.strategy(
            enter: "close > sma(close, n)",
            exit: "close < sma(close, n)",
            extra: [JSON.Member("parameters", ["n": 5])]
        )
    }

    @Test("what is traded is what a backtest of the best on the bars before trades")
    func agreement() throws {
        let series = try ReportTests.walk(400)
        let plan = try Self.plan(100, 50)
        let strategy = try Self.strategy()
        let combinations = try plan.combinations()

        let (result, steps) = try plan.run(
            strategy,
            combinations: combinations,
            history: [series]
        )

        #expect(steps.count == 6)
        #expect(result.times.count == 300)
        var equity = 100_000.0
        var curve: [Double] = []
        for step in steps {
            let scores = try combinations.map { values in
                try Backtest.run(
                    strategy: try strategy.binding(values),
                    history: [series],
                    window: (step.trainFrom, step.trainThrough)
                ).metrics.sharpe ?? -.infinity
            }
            let best = try #require(scores.firstIndex(of: scores.max() ?? 0))
            #expect(step.parameters == combinations[best])
            #expect(step.score == scores[best])
            let test = try Backtest.run(
                strategy: try strategy.binding(combinations[best]),
                history: [series],
                window: (step.testFrom, step.testThrough),
                capital: equity
            )
            curve += test.equity
            equity = test.equity.last ?? 0
        }
        #expect(result.equity == curve)
        #expect(result.metrics.totalReturn == equity / 100_000 - 1)
    }

    @Test("later bars change nothing that was chosen or traded before")
    func noLookAhead() throws {
        let series = try ReportTests.walk(400)
        let plan = try Self.plan(100, 50)
        let combinations = try plan.combinations()

        let whole = try plan.run(
            try Self.strategy(),
            combinations: combinations,
            history: [series]
        )
        let part = try plan.run(
            try Self.strategy(),
            combinations: combinations,
            history: [series[0..<250]]
        )

        #expect(part.result.equity == Array(whole.result.equity.prefix(150)))
        #expect(part.steps == Array(whole.steps.prefix(3)))
    }

    @Test("any number of threads gives the same run")
    func threads() throws {
        let series = try ReportTests.walk(300)
        let plan = try Self.plan(60, 30, by: "total_return")
        var settings = WalkForward.Settings()
        settings.parallel = Parallel(width: 4)

        let one = try plan.run(
            try Self.strategy(),
            combinations: try plan.combinations(),
            history: [series]
        )
        let four = try plan.run(
            try Self.strategy(),
            combinations: try plan.combinations(),
            history: [series],
            settings: settings
        )

        #expect(one.result == four.result)
        #expect(one.steps == four.steps)
    }

    @Test("a window is traded alone, chosen on the bars before it")
    func window() throws {
        let series = try ReportTests.walk(300)
        let plan = try Self.plan(100, 50)
        let from = series.times[200]

        let run = try plan.run(
            try Self.strategy(),
            combinations: try plan.combinations(),
            history: [series],
            window: (from, series.times[299])
        )

        #expect(run.result.times.first == from)
        #expect(run.steps[0].trainFrom == series.times[100])
    }

    @Test("too few bars, no combination and an unknown parameter are refused")
    func refusals() throws {
        let series = try ReportTests.walk(100)
        let plan = try Self.plan(100, 50)
        let strategy = try Self.strategy()

        let few = #expect(throws: QuantError.self) {
            try plan.run(strategy, combinations: [["n": 2]], history: [series])
        }
        let none = #expect(throws: QuantError.self) {
            try plan.run(strategy, combinations: [], history: [series])
        }
        let unknown = #expect(throws: QuantError.self) {
            try Self.plan(50, 20).run(strategy, combinations: [["m": 2]], history: [series])
        }

        #expect(few?.code == .noData)
        #expect(none?.reason.contains("no combination") == true)
        #expect(unknown?.reason.contains("no parameter 'm'") == true)
    }

    @Test(
        "a plan that cannot be is refused with its member",
        arguments: [
            (#"{"test": 5, "grid": "n=1"}"#, "'train' is missing"),
            (#"{"train": 1, "test": 5, "grid": "n=1"}"#, "walk_forward.train"),
            (#"{"train": 9, "test": 0, "grid": "n=1"}"#, "walk_forward.test"),
            (#"{"train": 9, "test": 5, "grid": "n=1", "by": "sharp"}"#, "did you mean 'sharpe'"),
            (#"{"train": 9, "test": 5, "grid": "n=1", "bye": 1}"#, "unknown member 'bye'"),
        ]
    )
    func badPlans(_ text: String, _ words: String) throws {
        let json = try JSON(parsing: text)

        let error = #expect(throws: QuantError.self) { try WalkForward(json) }

        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }
}
