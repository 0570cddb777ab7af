// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics
import Yams

/// A parsed YAML value that knows its line.
package struct YAMLNode {
    private let node: Node
    private let firstLine: Int
    /// The line of the file, from 1.
    let line: Int?

    init(_ node: Node, firstLine: Int) {
        self.init(node, line: node.mark.map { $0.line - 1 + firstLine }, firstLine: firstLine)
    }

    private init(_ node: Node, line: Int?, firstLine: Int) {
        self.node = node
        self.line = line
        self.firstLine = firstLine
    }

    /// Reads a document; nil when it is empty or no YAML.
    package init?(document: String) {
        // Only whether it can be read matters here; the reader of a desk file says why it cannot.
        guard let node = try? Yams.compose(yaml: document, .basic) else { return nil }
        self.init(node, firstLine: 1)
    }

    /// A mapping without members that stands for one on a line.
    static func empty(line: Int?) -> YAMLNode {
        YAMLNode(Node([(Node, Node)]()), line: line, firstLine: 1)
    }

    /// The text of a scalar as it was written.
    var scalar: String? { node.scalar?.string }

    /// The elements of a list.
    var elements: [YAMLNode]? {
        node.sequence.map { $0.map { YAMLNode($0, firstLine: firstLine) } }
    }

    /// The names and values of a mapping, in the order of the file.
    var members: [(name: String, line: Int?, value: YAMLNode)]? {
        node.mapping?.map { key, value in
            let keyNode = YAMLNode(key, firstLine: firstLine)
            return (keyNode.scalar ?? "?", keyNode.line, YAMLNode(value, firstLine: firstLine))
        }
    }

    subscript(name: String) -> YAMLNode? {
        members?.first { $0.name == name }?.value
    }

    /// The value as JSON, plain scalars resolved by YAML's core schema.
    package var json: JSON {
        if let members { return .object(members.map { .init($0.name, $0.value.json) }) }
        if let elements { return .array(elements.map(\.json)) }
        guard let text = scalar else { return .null }
        guard node.scalar?.style == .plain || node.scalar?.style == .any else {
            return .string(text)
        }
        return Self.resolve(text)
    }

    /// Resolves a plain scalar; numbers that JSON lacks, such as `.inf`, stay texts.
    private static func resolve(_ text: String) -> JSON {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            let digits = text.dropFirst(2)
            guard digits.first != "-", digits.first != "+" else { return .string(text) }
            return Int64(digits, radix: radix).map { .int($0) } ?? .string(text)
        }
        if let whole = Int64(text) { return .int(whole) }
        let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        guard isDecimal, let number = Double(text), number.isFinite else { return .string(text) }
        return .double(number)
    }

    /// What was found, in the words of an error message.
    var summary: String {
        if let scalar { return "'\(scalar.prefix(60))'" }
        return elements == nil ? "a mapping" : "a list"
    }
}
