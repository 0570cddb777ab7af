// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Yams

/// A parsed YAML value that knows its line.
struct YAMLNode {
    private let node: Node
    private let firstLine: Int

    init(_ node: Node, firstLine: Int) {
        self.node = node
        self.firstLine = firstLine
    }

    /// The line of the file, from 1.
    var line: Int? { node.mark.map { $0.line - 1 + firstLine } }

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
    var json: JSON {
        if let members { return .object(members.map { .init($0.name, $0.value.json) }) }
        if let elements { return .array(elements.map(\.json)) }
        guard let text = scalar else { return .null }
        guard node.scalar?.style == .plain || node.scalar?.style == .any else {
            return .string(text)
        }
        switch text {
        case "", "~", "null": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if let whole = Int64(text) { return .int(whole) }
        let isNumber = text.utf8.first.map { (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }
        if isNumber == true, let number = Double(text), number.isFinite { return .double(number) }
        return .string(text)
    }

    /// What was found, in the words of an error message.
    var summary: String {
        if let scalar { return "'\(scalar.prefix(60))'" }
        return elements == nil ? "a mapping" : "a list"
    }
}
