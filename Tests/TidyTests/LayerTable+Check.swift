// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension LayerTable {
    /// Modules that come with the system and hold no door to the outside that is banned by name.
    private static let system = ["Glibc", "Synchronization", "Dispatch"]
    private static let foundation = ["Foundation", "FoundationEssentials"]

    /// Imports of a source file that the table does not allow.
    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, let target = file.target else { return [] }
        guard let row = rows.first(where: { $0.target == target }) else {
            return [file.violation(0, "the layer table has no target \(target); add it there")]
        }
        return Self.imports(of: file).compactMap { module, line in
            reason(module, from: row).map { file.violation(line, $0) }
        }
    }

    /// Why a target may not import a module; nil when it may.
    private func reason(_ module: String, from row: Row) -> String? {
        if Self.system.contains(module) { return nil }
        if Self.foundation.contains(module) {
            guard withoutFoundation.contains(row.target) else { return nil }
            return "\(row.target) does without \(module); use the standard library and Glibc"
        }
        if let targets = packages[module] {
            guard !targets.contains(row.target) else { return nil }
            return "\(module) belongs in \(targets.joined(separator: ", ")), not in \(row.target)"
        }
        guard !row.imports.contains(module), row.imports != [Self.everything] else { return nil }
        let allowed = row.imports.isEmpty ? "none of ours" : row.imports.joined(separator: ", ")
        return "\(row.target) may not import \(module), only \(allowed)"
    }

    /// The modules a file imports, each with its line.
    private static func imports(of file: SourceFile) -> [(module: String, line: Int)] {
        let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "import", index + 1 < tokens.count else { return nil }
            var next = index + 1
            if kinds.contains(tokens[next].text), next + 1 < tokens.count { next += 1 }
            return (tokens[next].text, tokens[index].line)
        }
    }
}
