// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics

/// A YAML file as JSON, with the line of every value for messages.
///
/// Aliases and nesting are limited, so that no small file can grow without bound.
package struct YAMLDocument {
    /// The most bytes of a file.
    package static let mostBytes = 1 << 20
    /// The most values, those that aliases repeat included.
    package static let mostValues = 100_000

    /// The value.
    package let json: JSON
    private let root: YAMLNode

    /// Reads a mapping.
    /// - Throws: A ``DeskError`` with the line of what is wrong.
    package init(_ text: String, file: String) throws(DeskError) {
        guard text.utf8.count <= Self.mostBytes else {
            throw DeskError(
                code: .document,
                file: file,
                message: "the file has \(text.utf8.count) bytes; at most \(Self.mostBytes) are"
                    + " allowed"
            )
        }
        if let line = Self.deepLine(text.utf8) {
            throw DeskError(
                code: .document,
                file: file,
                line: line,
                message: "nested deeper than \(JSON.deepestNesting) levels"
            )
        }
        root = try YAMLReader(text, file: file, code: .document).root
        var budget = Self.mostValues
        guard Self.isWithin(&budget, root) else {
            throw DeskError(
                code: .document,
                file: file,
                message: "the file has more than \(Self.mostValues) values"
            )
        }
        json = root.json
    }

    /// The line of a value, or of the nearest one above it; a path has names and numbers.
    package func line(of path: [String]) -> Int? {
        var node = root
        var line = root.line
        for step in path {
            if let member = node.members?.first(where: { $0.name == step }) {
                node = member.value
                line = member.line ?? line
            } else if let elements = node.elements, let index = Int(step),
                elements.indices.contains(index)
            {
                node = elements[index]
                line = node.line ?? line
            } else {
                return line
            }
        }
        return line
    }

    /// The first line with more open brackets, or more list marks, than values may be nested.
    private static func deepLine(_ text: String.UTF8View) -> Int? {
        var line = 1
        var depth = 0
        var marks = 0
        var last: UInt8 = 0x0A
        for byte in text {
            let wasMark = last == 0x2D || last == 0x3F
            switch byte {
            case 0x0A:
                line += 1
                marks = 0
            case 0x20: marks += wasMark ? 1 : 0
            case 0x2D, 0x3F: marks = wasMark ? 0 : marks
            case 0x5B, 0x7B: depth += 1
            case 0x5D, 0x7D: depth = max(0, depth - 1)
            default: marks = 0
            }
            last = byte
            if depth > JSON.deepestNesting || marks > JSON.deepestNesting { return line }
        }
        return nil
    }

    private static func isWithin(_ budget: inout Int, _ node: YAMLNode) -> Bool {
        budget -= 1
        guard budget >= 0 else { return false }
        for member in node.members ?? [] {
            guard isWithin(&budget, member.value) else { return false }
        }
        for element in node.elements ?? [] {
            guard isWithin(&budget, element) else { return false }
        }
        return true
    }
}
