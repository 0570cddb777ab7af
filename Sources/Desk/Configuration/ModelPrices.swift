// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a model costs, each price for a million tokens.
public struct ModelPrices: Sendable, Hashable {
    /// The price of a prompt.
    public let input: Decimal8
    /// The price of an answer.
    public let output: Decimal8
    /// The price of what is read from a cache.
    public let cached: Decimal8
    /// The price of what is written to a cache.
    public let written: Decimal8

    /// The highest price that can be named.
    static let highest = Decimal8(1_000_000)

    /// Bundles prices.
    public init(input: Decimal8, output: Decimal8, cached: Decimal8, written: Decimal8) {
        self.input = input
        self.output = output
        self.cached = cached
        self.written = written
    }

    /// The cost of a call, rounded up at the eighth place.
    public func cost(of usage: ModelUsage) -> Decimal8 {
        let parts = [
            (usage.input, input), (usage.output, output), (usage.cached, cached),
            (usage.written, written),
        ]
        let sum = parts.reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1.units) }
        let units = (sum + 999_999) / 1_000_000
        return Decimal8(units: Int64(clamping: units))
    }

    /// The most that so many tokens of prompt and answer can cost.
    public func mostCost(input tokens: Int, output answer: Int) -> Decimal8 {
        let dearest = max(input, max(cached, written))
        return ModelPrices(input: dearest, output: output, cached: .zero, written: .zero)
            .cost(of: ModelUsage(input: tokens, output: answer))
    }

    /// Reads `prices:`; nil when it is absent.
    static func read(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> ModelPrices? {
        guard node["prices"] != nil, let prices = reader.mapping("prices", in: node, path: path)
        else { return nil }
        let inner = "\(path)prices."
        reader.allowOnly(["input", "output", "cached", "written"], in: prices, path: inner)
        func price(_ name: String, _ fallback: Decimal8?) -> Decimal8 {
            reader.scalar(
                name,
                in: prices,
                path: inner,
                expected: "the price of a million tokens, such as 2.50",
                default: fallback
            ) { Decimal8($0).flatMap { !$0.isNegative && $0 <= highest ? $0 : nil } } ?? .zero
        }
        let input = price("input", nil)
        return ModelPrices(
            input: input,
            output: price("output", nil),
            cached: price("cached", input),
            written: price("written", input)
        )
    }
}
