// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a million tokens of a program's model cost.
public struct ProgramPrices: Sendable, Hashable {
    /// Those that go in and were not kept.
    public let input: Decimal8
    /// Those that are read from a cache.
    public let cached: Decimal8
    /// Those that come out.
    public let output: Decimal8

    private static let keys = ["input", "cached", "output"]
    private static let perTokens = 1_000_000

    /// Names the prices.
    public init(input: Decimal8, cached: Decimal8, output: Decimal8) {
        self.input = input
        self.cached = cached
        self.output = output
    }

    /// Reads `prices:`; what is cached costs as much as what is not when nothing is said.
    init?(_ reader: inout YAMLReader, in program: YAMLNode, path: String) {
        guard let node = reader.mapping("prices", in: program, path: path) else { return nil }
        let path = "\(path)prices."
        reader.allowOnly(Self.keys, in: node, path: path)
        let expected = "the price of a million tokens, from 0 to 100000, such as 3.00"
        func price(_ name: String, default fallback: Decimal8? = nil) -> Decimal8? {
            reader.scalar(name, in: node, path: path, expected: expected, default: fallback) {
                Decimal8($0).flatMap { $0 >= .zero && $0 <= Decimal8(100_000) ? $0 : nil }
            }
        }
        guard let input = price("input"), let output = price("output"),
            let cached = price("cached", default: input)
        else { return nil }
        self.init(input: input, cached: cached, output: output)
    }

    /// The cost of so many tokens, rounded up; nil when it leaves the range of numbers.
    public func cost(input count: Int, cached kept: Int, output told: Int) -> Decimal8? {
        var units: Int128 = 0
        for (price, tokens) in [(input, count), (cached, kept), (output, told)] {
            guard tokens >= 0 else { return nil }
            units += Int128(price.units) * Int128(tokens)
        }
        let rounded = (units + Int128(Self.perTokens) - 1) / Int128(Self.perTokens)
        return Int64(exactly: rounded).map { Decimal8(units: $0) }
    }
}
