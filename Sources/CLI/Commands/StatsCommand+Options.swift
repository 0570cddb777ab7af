// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension StatsCommand {
    /// The intervals of resampled blocks, when they were asked for.
    func intervals(of values: [Double]) throws -> BlockBootstrap? {
        guard let bootstrap else { return nil }
        return try BlockBootstrap(
            returns: values,
            resamples: bootstrap,
            seed: seed,
            blockLength: blockLength,
            periodsPerYear: conventions.periods,
            riskFree: conventions.rf,
            parallel: .allCores
        )
    }

    /// The probability of overfitting over the matrix of trials, when there is one.
    func overfitting() throws -> BacktestOverfitting? {
        guard let matrix else { return nil }
        let file = NamedFile(matrix)
        let bytes = try file.read(limitBytes: 1 << 30)
        return try Self.about(file) { () throws(QuantError) in
            try BacktestOverfitting(
                returns: try ReturnsCSV.parseMatrix(bytes).rows,
                blocks: blocks
            )
        }
    }

    /// Puts the name of a file before what is wrong with it.
    static func about<Result>(
        _ file: NamedFile,
        _ body: () throws(QuantError) -> Result
    ) throws -> Result {
        do throws(QuantError) {
            return try body()
        } catch {
            throw Failure("\(file.path): \(error.reason)", .badData)
        }
    }
}
