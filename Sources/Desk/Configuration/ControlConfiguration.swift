// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Simulated instruments beside a desk's real ones: what laboratories call a positive control.
///
/// Their edge is known, because it was planted. So a desk shows in every run that its gate lets a
/// true edge through, and not only that it keeps everything out.
public struct ControlConfiguration: Sendable, Hashable {
    /// The instruments.
    public let symbols: [String]
    /// The seed of the simulation.
    public let seed: UInt64
    /// The strength of the planted edge; 0 plants none.
    public let edge: Double

    init?(_ reader: inout YAMLReader, _ market: YAMLNode, _ traded: [String]) {
        let path = "market.control."
        guard let node = reader.mapping("control", in: market, path: "market.") else { return nil }
        reader.allowOnly(["symbols", "seed", "edge"], in: node, path: path)
        symbols = reader.list(
            "symbols",
            in: node,
            path: path,
            expected: "a symbol such as CONTROL, in capitals, that market.symbols does not have"
        ) { MarketConfiguration.isSymbol($0) && !traded.contains($0) ? $0 : nil }
        if symbols.isEmpty {
            reader.report(line: node.line, "\(path)symbols: missing; give at least one symbol")
        }
        let simulation = reader.simulation(in: node, path: path)
        seed = simulation.seed
        edge = simulation.edge
    }
}

extension YAMLReader {
    /// Reads the seed and the planted edge of a simulated market.
    mutating func simulation(in node: YAMLNode, path: String) -> (seed: UInt64, edge: Double) {
        let seed = scalar(
            "seed",
            in: node,
            path: path,
            expected: "a whole number from 0",
            default: 1,
            { UInt64($0) }
        )
        let edge = scalar(
            "edge",
            in: node,
            path: path,
            expected: "a number from -1 to 1",
            default: 0.0,
            { Double($0).flatMap { (-1...1).contains($0) ? $0 : nil } }
        )
        return (seed ?? 1, edge ?? 0)
    }
}
