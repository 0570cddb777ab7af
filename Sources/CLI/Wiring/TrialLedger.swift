// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// What was tried, one JSON object a line, so that luck among many trials can be told from skill.
///
/// Sharpe ratio, mean and deviation are per period; deviation has the divisor n - 1, skew and raw
/// kurtosis n.
struct TrialLedger {
    private let file: NamedFile
    private let strategy: Strategy
    private let names: [String]
    private let data: ContentHash
    private let riskFreePerPeriod: Double

    init(
        _ path: String,
        strategy: Strategy,
        names: [String],
        data: ContentHash,
        riskFreePerPeriod: Double
    ) {
        file = NamedFile(path)
        self.strategy = strategy
        self.names = names
        self.data = data
        self.riskFreePerPeriod = riskFreePerPeriod
    }

    /// Adds trials at the end of the file.
    func append(_ lines: [SweepLine]) throws {
        var bytes: [UInt8] = []
        for line in lines {
            bytes += trial(line).compactBytes
            bytes.append(0x0A)
        }
        try file.folder.append(bytes, to: file.name)
    }

    private func trial(_ line: SweepLine) -> JSON {
        var parameters = strategy.parameters
        for (name, value) in zip(names, line.values) { parameters[name] = value }
        let mean = line.figure("mean")
        let deviation = line.figure("sd")
        var sharpe: Double?
        if let mean, let deviation, deviation > 0 {
            sharpe = (mean - riskFreePerPeriod) / deviation
        }
        return [
            "strategy": .string(line.hash),
            "family": .string(strategy.family),
            "parameters": .object(
                parameters.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }
            ),
            "data": .string(data.description),
            "periods": .int(Int64(line.figure("periods") ?? 0)),
            "sharpe": Figure.json(sharpe),
            "mean": Figure.json(mean),
            "sd": Figure.json(deviation),
            "skew": Figure.json(line.figure("skew")),
            "kurtosis": Figure.json(line.figure("kurtosis")),
        ]
    }
}
