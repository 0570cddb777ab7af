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

    /// The path as it was given.
    var path: String { file.path }

    /// The bytes that the file has; 0 when it is not there.
    func size() throws -> Int {
        file.folder.contains(file.name) ? try file.folder.size(of: file.name) : 0
    }

    /// Adds trials at the end of the file.
    func append(_ lines: [SweepLine]) throws {
        try file.folder.append(bytes(of: lines), to: file.name)
    }

    /// Adds trials of which the first may stand at a place already, up to the middle of a line.
    /// - Returns: The place behind them.
    func append(_ lines: [SweepLine], at place: Int) throws -> Int {
        let bytes = bytes(of: lines)
        let isThere = try place < size()
        let known =
            isThere ? try file.folder.read(file.name, from: place, atMost: bytes.count) : []
        var shared = zip(known, bytes).prefix { $0 == $1 }.count
        let isAlone = shared == known.count
        // Somebody else wrote here meanwhile, so that a line begun cannot be ended.
        if !isAlone { shared = bytes[..<shared].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0 }
        try file.folder.append(Array(bytes[shared...]), to: file.name)
        return isAlone ? place + bytes.count : try size()
    }

    private func bytes(of lines: [SweepLine]) -> [UInt8] {
        lines.flatMap { trial($0).compactBytes + [0x0A] }
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
