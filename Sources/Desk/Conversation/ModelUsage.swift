// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The tokens that a server says a call has used.
public struct ModelUsage: Sendable, Hashable {
    /// Tokens of the prompt that were neither read from a cache nor written to one.
    public var input: Int
    /// Tokens of the prompt that were read from a cache.
    public var cached: Int
    /// Tokens of the prompt that were written to a cache.
    public var written: Int
    /// Tokens of the answer, its reasoning included.
    public var output: Int

    /// The most tokens of a kind that one call is believed to have used.
    public static let limit = 1_000_000_000

    /// Bundles a usage; what is negative or beyond the limit is brought within it.
    public init(input: Int = 0, cached: Int = 0, written: Int = 0, output: Int = 0) {
        func fit(_ count: Int) -> Int { min(max(0, count), Self.limit) }
        self.input = fit(input)
        self.cached = fit(cached)
        self.written = fit(written)
        self.output = fit(output)
    }

    /// All tokens together.
    public var total: Int { input + cached + written + output }

    /// The usage as it passes between an agent and its supervisor, and as it is recorded.
    public var json: JSON {
        [
            "input": .int(Int64(input)), "cached": .int(Int64(cached)),
            "written": .int(Int64(written)), "output": .int(Int64(output)),
        ]
    }

    /// Reads a usage.
    /// - Throws: A `JSONError` that names the member.
    public init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "usage")
        self.init(
            input: try fields.int("input"),
            cached: try fields.int("cached"),
            written: try fields.int("written"),
            output: try fields.int("output")
        )
    }
}
