// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a strategy's author needs to know about one function of the expression language.
public struct BarFunction: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The name with its parameters: `x`, `y`, `a` and `b` are series, `width` is a number, the
    /// others are whole numbers.
    public let signature: String
    /// What it gives, as a clause.
    public let meaning: String
    /// The number of bars without a value at the start, in terms of the parameters.
    public let warmUp: String
    /// A call.
    public let example: String
    /// The number of bars without a value at the start of the example.
    public let exampleWarmUp: Int

    /// Creates a row; the name is what stands before the parenthesis.
    init(_ signature: String, _ meaning: String, _ warmUp: String, _ example: String, _ bars: Int) {
        name = String(signature.prefix { $0 != "(" })
        self.signature = signature
        self.meaning = meaning
        self.warmUp = warmUp
        self.example = example
        exampleWarmUp = bars
    }
}
