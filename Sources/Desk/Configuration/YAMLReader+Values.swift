// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension YAMLReader {
    /// Reports members other than the named ones.
    mutating func allowOnly(_ names: [String], in node: YAMLNode, path: String = "") {
        for member in node.members ?? [] where !names.contains(member.name) {
            report(
                line: member.line,
                "\(path)\(member.name): unknown key; allowed are \(names.joined(separator: ", "))"
            )
        }
    }

    /// A mapping; nil and a fault when it is absent or something else.
    mutating func mapping(_ name: String, in node: YAMLNode, path: String = "") -> YAMLNode? {
        guard let value = node[name] else {
            report(line: node.line, "\(path)\(name): missing")
            return nil
        }
        guard value.members != nil else {
            report(line: value.line, "\(path)\(name): found \(value.summary); expected a mapping")
            return nil
        }
        return value
    }

    /// A section of the file; an empty one stands in for it when it is absent or no mapping.
    mutating func section(_ name: String, allowing keys: [String], isNeeded: Bool) -> YAMLNode {
        let value = root[name]
        let empty = YAMLNode.empty(line: value?.line ?? root.line)
        guard isNeeded || value != nil, let node = mapping(name, in: root) else { return empty }
        allowOnly(keys, in: node, path: "\(name).")
        return node
    }

    /// A text that must be there and not be empty.
    mutating func string(_ name: String, in node: YAMLNode, path: String = "") -> String? {
        scalar(name, in: node, path: path, expected: "a text") { text in
            text.allSatisfy(\.isWhitespace) ? nil : text
        }
    }

    /// A scalar that a closure can read; the default, if there is one, when it is absent.
    mutating func scalar<Result>(
        _ name: String,
        in node: YAMLNode,
        path: String = "",
        expected: String,
        default fallback: Result? = nil,
        _ read: (String) -> Result?
    ) -> Result? {
        guard let value = node[name] else {
            if fallback == nil {
                report(line: node.line, "\(path)\(name): missing; expected \(expected)")
            }
            return fallback
        }
        guard let text = value.scalar, let result = read(text) else {
            report(
                line: value.line,
                "\(path)\(name): found \(value.summary); expected \(expected)"
            )
            return fallback
        }
        return result
    }

    /// A list of scalars, each of which a closure can read; empty when it is absent.
    ///
    /// In a set, a scalar given twice is a fault.
    mutating func list<Result>(
        _ name: String,
        in node: YAMLNode,
        path: String = "",
        expected: String,
        isSet: Bool = true,
        _ read: (String) -> Result?
    ) -> [Result] {
        guard let value = node[name] else { return [] }
        let elements = value.elements ?? (value.scalar == nil ? [] : [value])
        if value.elements == nil, value.scalar == nil {
            report(line: value.line, "\(path)\(name): found \(value.summary); expected a list")
        }
        var results: [Result] = []
        var seen: Set<String> = []
        for element in elements {
            if isSet, let text = element.scalar, !seen.insert(text).inserted {
                report(line: element.line, "\(path)\(name): found '\(text)' twice; once is enough")
                continue
            }
            guard let text = element.scalar, let result = read(text) else {
                report(
                    line: element.line,
                    "\(path)\(name): found \(element.summary); expected \(expected)"
                )
                continue
            }
            results.append(result)
        }
        return results
    }

    /// A whole number within bounds, with a default.
    mutating func int(
        _ name: String,
        in node: YAMLNode,
        path: String,
        range: ClosedRange<Int>,
        default fallback: Int
    ) -> Int {
        scalar(
            name,
            in: node,
            path: path,
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            default: fallback
        ) { Int($0).flatMap { range.contains($0) ? $0 : nil } } ?? fallback
    }

    /// A span of time such as `30s`, with a default.
    mutating func span(
        _ name: String,
        in node: YAMLNode,
        path: String,
        default fallback: TimeLimit
    ) -> TimeLimit {
        scalar(
            name,
            in: node,
            path: path,
            expected: "a time such as 500ms, 30s, 5m or 1h",
            default: fallback
        ) { TimeLimit($0) } ?? fallback
    }

    /// Arguments of a tool in which only these words stand in braces; nil when there are none.
    mutating func template(
        _ name: String,
        in node: YAMLNode,
        path: String,
        words: [String]
    ) -> ArgumentTemplate? {
        guard let given = mapping(name, in: node, path: path) else { return nil }
        let template = ArgumentTemplate(given.json)
        guard let word = template.unknownWord(among: words) else { return template }
        let known = words.isEmpty ? "none" : words.map { "{\($0)}" }.joined(separator: ", ")
        report(line: given.line, "\(path)\(name): found '{\(word)}'; allowed are \(known)")
        return nil
    }

    /// Where a field of an answer is; nil when it is wrong, or absent without a default.
    mutating func fieldPath(
        _ name: String,
        in node: YAMLNode,
        path: String,
        default fallback: String? = nil
    ) -> String? {
        scalar(
            name,
            in: node,
            path: path,
            expected: "names with points between them, such as data.result",
            default: fallback
        ) { text in
            let steps = text.split(separator: ".", omittingEmptySubsequences: false)
            return text.utf8.count <= 200 && !steps.contains(where: \.isEmpty) ? text : nil
        }
    }
}
