// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The values of the names an expression may read.
///
/// A name may contain dots: `a.b.c` in an expression reads the binding `a.b.c` if there is one,
/// else the field `c` of the binding `a.b`, else the field `b` of `a` and its field `c`.
public struct Bindings: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private var values: [String: Value]
    /// Whether a name contains a dot, so that selections may stand for names.
    private(set) var hasQualifiedNames: Bool

    /// Makes bindings from a dictionary.
    public init(_ values: [String: Value] = [:]) {
        self.values = values
        hasQualifiedNames = values.keys.contains(where: Bindings.isQualified)
    }

    /// Makes bindings from a literal; of two equal names the later value stays.
    public init(dictionaryLiteral elements: (String, Value)...) {
        self.init(Dictionary(elements) { _, later in later })
    }

    /// The value of a name, nil when it is unbound.
    public subscript(name: String) -> Value? {
        get { values[name] }
        set {
            values[name] = newValue
            hasQualifiedNames = hasQualifiedNames || Bindings.isQualified(name)
        }
    }

    /// The bound names, sorted.
    public var names: [String] { values.keys.sorted() }

    private static func isQualified(_ name: String) -> Bool {
        name.utf8.contains(UInt8(ascii: "."))
    }

    /// Returns these bindings together with others, whose values win.
    public func merging(_ others: Bindings) -> Bindings {
        Bindings(values.merging(others.values) { _, later in later })
    }
}
