// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The values of the names an expression may read.
///
/// A name may contain dots: `a.b.c` in an expression reads the binding `a.b.c` if there is one,
/// else the field `c` of the binding `a.b`, else the field `b` of `a` and its field `c`. With the
/// container `p.q`, a name `x` without a leading dot reads `p.q.x`, else `p.x`, else `x`.
public struct Bindings: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private var values: [String: Value]
    /// Whether a name contains a dot, so that selections may stand for names.
    private(set) var hasQualifiedNames: Bool

    /// The dotted name before which names are looked for first; empty for none.
    public var container = ""

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

    /// The value of a name within the container, or within what encloses it.
    func value(of name: String) -> Value? {
        guard !container.isEmpty, hasQualifiedNames else { return values[name] }
        var prefix = Substring(container)
        while true {
            if let value = values["\(prefix).\(name)"] { return value }
            guard let dot = prefix.lastIndex(of: ".") else { return values[name] }
            prefix = prefix[..<dot]
        }
    }

    private static func isQualified(_ name: String) -> Bool {
        name.utf8.contains(UInt8(ascii: "."))
    }

    /// Returns these bindings together with others, whose values win; the container stays.
    public func merging(_ others: Bindings) -> Bindings {
        var merged = Bindings(values.merging(others.values) { _, later in later })
        merged.container = container
        return merged
    }
}
