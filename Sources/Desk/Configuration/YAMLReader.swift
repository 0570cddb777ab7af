// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Yams

/// Reads typed values out of YAML and collects every fault with its line instead of stopping at
/// the first.
struct YAMLReader {
    let root: YAMLNode
    let file: String
    let code: DeskError.Code
    var problems: [DeskError.Problem] = []

    /// Parses a text.
    /// - Throws: A ``DeskError`` when the text is no YAML mapping.
    init(_ text: String, file: String, firstLine: Int = 1, code: DeskError.Code) throws(DeskError) {
        self.file = file
        self.code = code
        // A byte order mark says nothing about UTF-8.
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        do {
            // Without rules for plain scalars: we have our own, and to compile theirs takes a third
            // of the start of an agent.
            guard let node = try Yams.compose(yaml: text, .basic), node.mapping != nil else {
                throw DeskError(
                    code: code,
                    file: file,
                    line: firstLine,
                    message: "expected 'key: value' lines, found "
                        + (text.allSatisfy(\.isWhitespace) ? "nothing" : "something else")
                )
            }
            root = YAMLNode(node, firstLine: firstLine)
        } catch let error as DeskError {
            throw error
        } catch {
            throw Self.syntaxError(error, file: file, firstLine: firstLine, code: code)
        }
    }

    private static func syntaxError(
        _ error: any Error,
        file: String,
        firstLine: Int,
        code: DeskError.Code
    ) -> DeskError {
        guard let error = error as? YamlError else {
            return DeskError(code: code, file: file, message: "not readable as YAML: \(error)")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return DeskError(
                code: code,
                file: file,
                line: mark.line - 1 + firstLine,
                message: "not readable as YAML at column \(mark.column): \(problem)"
            )
        case .duplicatedKeysInMapping(let keys, let context):
            return DeskError(
                code: code,
                file: file,
                line: context.mark.line - 1 + firstLine,
                message: "\(keys.sorted().joined(separator: ", ")): given twice, first here"
            )
        case .reader(let problem, _, _, _):
            return DeskError(code: code, file: file, message: "not readable as YAML: \(problem)")
        default:
            return DeskError(code: code, file: file, message: "not readable as YAML")
        }
    }

    /// Adds a fault.
    mutating func report(line: Int?, _ message: String) {
        problems.append(.init(file: file, line: line, message: message))
    }

    /// Ends the reading.
    /// - Throws: A ``DeskError`` with every fault, sorted by line.
    func finish() throws(DeskError) {
        guard !problems.isEmpty else { return }
        let named = problems.map {
            DeskError.Problem(file: file, line: $0.line, message: $0.message)
        }
        throw DeskError(code: code, problems: named.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }
}
