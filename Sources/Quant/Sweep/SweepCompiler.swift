// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// Makes combinations ready to run, with the columns that they share.
struct SweepCompiler {
    private let runner: SweepRunner
    private let framed: FramedSeries
    private var workspace: StrategyWorkspace

    /// - Throws: A ``QuantError`` for a frame that is shorter than the bars.
    init(_ runner: SweepRunner, _ series: BarSeries) throws(QuantError) {
        self.runner = runner
        framed = try FramedSeries(series, frames: runner.strategy.frames)
        workspace = Self.workspace(runner, framed)
    }

    /// The next combinations, and the fault of the one behind them if it has one.
    ///
    /// There are fewer than asked for when their columns fill the memory for them.
    mutating func chunk(
        from first: Int,
        to end: Int
    ) -> (combinations: [SweepTiles.Combination], fault: QuantError?) {
        if workspace.byteCount > runner.options.columnLimitBytes {
            workspace = Self.workspace(runner, framed)
        }
        var combinations: [SweepTiles.Combination] = []
        let last = min(end, first + SweepRunner.chunkSize)
        while first + combinations.count < last {
            let start = first + combinations.count
            let few = start..<min(last, start + batchSize)
            // The calls of several combinations are computed together.
            for index in few {
                workspace.bind(parameters(index))
                workspace.announce(runner.strategy.compiled)
            }
            workspace.computeAnnounced()
            for index in few {
                do throws(QuantError) {
                    combinations.append(try combination(index))
                } catch {
                    return (combinations, SweepRunner.error(error, index, runner.grid))
                }
            }
            if workspace.byteCount > runner.options.columnLimitBytes { break }
        }
        return (combinations, nil)
    }

    /// As many combinations as can have a few columns of their own within the limit.
    private var batchSize: Int {
        let columnBytes = max(1, framed.series.count) * MemoryLayout<Double>.size
        return max(1, min(128, runner.options.columnLimitBytes / columnBytes / 4))
    }

    private mutating func combination(
        _ index: Int
    ) throws(QuantError) -> SweepTiles.Combination {
        let parameters = parameters(index)
        return SweepTiles.Combination(
            index: index,
            parameters: parameters,
            rules: try runner.strategy.settings.rules(parameters),
            signals: try runner.strategy.compiled.signals(&workspace, parameters)
        )
    }

    private func parameters(_ index: Int) -> [String: Double] {
        var parameters = runner.strategy.parameters
        for (axis, value) in zip(runner.grid.axes, runner.grid.values(at: index)) {
            parameters[axis.name] = value
        }
        return parameters
    }

    private static func workspace(
        _ runner: SweepRunner,
        _ framed: FramedSeries
    ) -> StrategyWorkspace {
        StrategyWorkspace(
            framed,
            dialect: runner.options.dialect,
            parallel: runner.parallel
        )
    }
}
