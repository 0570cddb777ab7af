// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension SweepCommand {
    func engine(_ strategy: Strategy, _ data: BarData) throws -> SweepEngine {
        SweepEngine(
            strategy: strategy,
            history: data.series,
            grid: try ParameterGrid(parsing: grid),
            window: try bars.window(),
            costs: trading.costs(insteadOf: strategy.costs),
            capital: trading.capital,
            periodsPerYear: conventions.periods,
            riskFree: conventions.rf,
            dialect: trading.dialect,
            parallel: threads.map { Parallel(width: $0) } ?? .allCores
        )
    }

    /// Everything that decides what the rows are; a file of rows is continued only by its own.
    func plan(_ engine: SweepEngine, _ data: BarData) throws -> JSON {
        [
            "schema": 1,
            "strategy": .string(engine.strategy.hash.description),
            "grid": .array(
                zip(engine.grid.names, engine.grid.values).map { name, values in
                    .object([.init(name, .array(values.map { .double($0) }))])
                }
            ),
            "data": .string(out == nil ? "" : try data.hash().description),
            "from": bars.from.map { .string($0) } ?? .null,
            "through": bars.through.map { .string($0) } ?? .null,
            "fee": .double(engine.costs.feeRate),
            "fee_per_unit": .double(engine.costs.feePerUnit),
            "slippage": .double(engine.costs.slippageRate),
            "capital": .double(engine.capital),
            "periods": .double(engine.periodsPerYear),
            "rf": .double(engine.riskFree),
            "dialect": .string(engine.dialect.rawValue),
        ]
    }

    func report(_ best: SweepBest, _ grid: ParameterGrid, to console: Console) {
        guard !json else {
            console.say([
                "combinations": .int(Int64(grid.count)), "by": .string(by),
                "best": .array(best.lines.map { $0.json(grid.names) }),
                "out": out.map { .string($0) } ?? .null,
            ])
            return
        }
        console.say("\(grid.count) combinations; the best by \(by):\n")
        let columns = grid.names + ["trades", "total_return", "sharpe", "max_drawdown"]
        let extra = columns.contains(by) ? [] : [by]
        let rows = best.lines.map { line in
            let values = line.values.map { Figure.text($0, 8) }
            return values + [
                Figure.text(line.figure("trades"), 0), Figure.percent(line.figure("total_return")),
                Figure.text(line.figure("sharpe"), 4), Figure.percent(line.figure("max_drawdown")),
            ] + extra.map { Figure.text(line.figure($0), 6) }
        }
        console.grid([columns + extra] + rows)
        if let out { console.say("\nall of them are in \(out)") }
    }
}
