// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The values of the names an expression may read.
public struct Bindings: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private var values: [String: Value]

    /// Makes bindings from a dictionary.
    public init(_ values: [String: Value] = [:]) {
        self.values = values
    }

    /// Makes bindings from a literal; of two equal names the later value stays.
    public init(dictionaryLiteral elements: (String, Value)...) {
        values = Dictionary(elements) { _, later in later }
    }

    /// The value of a name, nil when it is unbound.
    public subscript(name: String) -> Value? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The bound names, sorted.
    public var names: [String] { values.keys.sorted() }

    /// Returns these bindings together with others, whose values win.
    public func merging(_ others: Bindings) -> Bindings {
        Bindings(values.merging(others.values) { _, later in later })
    }
}
