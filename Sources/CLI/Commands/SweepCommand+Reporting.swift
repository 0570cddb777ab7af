// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension SweepCommand {
    func options(for strategy: Strategy, over series: [BarSeries]) throws -> SweepOptions {
        let window = try bars.window()
        return SweepOptions(
            window: window,
            costs: try trading.costs(
                insteadOf: strategy.costs,
                over: series,
                of: strategy.universe,
                from: window?.from
            ),
            capital: trading.capital,
            periodsPerYear: conventions.periods,
            riskFree: conventions.rf,
            dialect: trading.dialect
        )
    }

    /// Everything that decides what the rows are; a file of rows is continued only by its own.
    func plan(
        _ strategy: Strategy,
        _ grid: Grid,
        _ options: SweepOptions,
        _ data: BarData
    ) throws -> JSON {
        let costs = options.costs ?? .none
        let facts: JSON = [
            "schema": 1,
            "strategy": .string(strategy.hash.description),
            "grid": .array(
                grid.axes.map { axis in
                    .object([.init(axis.name, .array(axis.values.map { .double($0) }))])
                }
            ),
            "data": .string(try data.hash().description),
            "from": bars.from.map { .string($0) } ?? .null,
            "through": bars.through.map { .string($0) } ?? .null,
            "fee": .double(costs.feeRate),
            "fee_per_unit": .double(costs.feePerUnit),
            "slippage": .double(costs.slippageRate),
            "capital": .double(options.capital),
            "periods": .double(options.periodsPerYear),
            "rf": .double(options.riskFree),
            "dialect": .string(options.dialect.rawValue),
        ]
        return .object((facts.objectValue ?? []) + costs.execution.members)
    }

    func report(_ best: SweepBest, _ grid: Grid, to console: Console) {
        let names = grid.axes.map(\.name)
        guard !json else {
            console.say([
                "combinations": .int(Int64(grid.count)), "by": .string(by),
                "best": .array(best.lines.map { $0.json(names) }),
                "out": out.map { .string($0) } ?? .null,
            ])
            return
        }
        console.say("\(grid.count) combinations; the best by \(by):\n")
        let columns = names + ["trades", "total_return", "sharpe", "max_drawdown"]
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
