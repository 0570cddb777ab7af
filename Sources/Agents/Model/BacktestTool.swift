// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Runs a strategy over the history in sample.
struct BacktestTool: ModelTool {
    let bench: ResearchBench

    var definition: ConversationTool {
        ConversationTool(
            "backtest",
            "Runs a strategy over the history in sample and tells its figures. Each distinct"
                + " strategy that is tested goes on record as a hypothesis that was tried, and the"
                + " gate becomes stricter with their number; \(bench.limit) may be tested or"
                + " proposed at this date.",
            schema: .closedObject([.init("strategy", StrategyNote.schema)])
        )
    }

    func run(_ input: JSONFields) throws -> String {
        try input.allowOnly(["strategy"])
        let (strategy, _) = try bench.record(try input.required("strategy"))
        let result = try Backtest.run(
            strategy: strategy,
            history: strategy.history(from: bench.history),
            costs: bench.costs,
            capital: bench.capital
        )
        let figures = result.metrics.figures.map { JSON.Member($0.name, .number($0.value)) }
        let whole = [JSON.Member("trades", .int(Int64(result.trades.count)))] + figures
        return JSON.object(whole).compactText
    }
}
