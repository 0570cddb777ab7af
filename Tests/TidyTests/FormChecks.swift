// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The checks of a file's outer form: its lengths, its first lines and its name.
enum FormChecks {
    static let header = ["// Part of Loopdesk.", "// SPDX-License-Identifier: Apache-2.0"]

    /// Files beyond 300 lines, or 500 for tests.
    static func fileLength(_ file: SourceFile) -> [Violation] {
        let limit = file.isTest ? 500 : 300
        guard isCode(file), file.lines.count > limit else { return [] }
        return [file.violation(0, "\(file.lines.count) lines, at most \(limit); split by topic")]
    }

    /// Functions beyond 60 lines.
    static func functionLength(_ file: SourceFile) -> [Violation] {
        FunctionBody.all(in: file.tokens).filter { $0.lineCount > 60 }.map { body in
            let message = "\(body.name) has \(body.lineCount) lines, at most 60; name its parts"
            return file.violation(body.firstLine, message)
        }
    }

    /// Lines beyond 100 columns.
    static func lineLength(_ file: SourceFile) -> [Violation] {
        guard isCode(file) || file.path.hasSuffix("Makefile") else { return [] }
        return file.lines.indices.filter { file.lines[$0].count > 100 }.map { index in
            file.violation(index + 1, "\(file.lines[index].count) columns, at most 100")
        }
    }

    /// Code without the two lines that name the project and the licence.
    static func header(_ file: SourceFile) -> [Violation] {
        guard isCode(file) else { return [] }
        let isManifest = file.lines.first?.hasPrefix("// swift-tools-version") == true
        let top = Array(file.lines.dropFirst(isManifest ? 1 : 0).prefix(3))
        guard Array(top.prefix(2)) == header, top.count < 3 || !top[2].hasPrefix("//") else {
            return [file.violation(1, "the first two lines must be: \(header)")]
        }
        return []
    }

    /// Source files not named after a type that they declare or extend.
    static func fileName(_ file: SourceFile) -> [Violation] {
        guard file.isSwift, file.isSource, file.name != "main.swift" else { return [] }
        let base = file.name.dropLast(".swift".count).split(separator: "+").first.map(String.init)
        guard let base, !typeNames(in: file.tokens).contains(base) else { return [] }
        return [file.violation(0, "it declares or extends no type \(base); name it after its type")]
    }

    private static func typeNames(in tokens: [Token]) -> Set<String> {
        let keywords: Set = [
            "struct", "enum", "class", "actor", "protocol", "extension", "typealias",
        ]
        let names = zip(tokens, tokens.dropFirst()).filter { keywords.contains($0.0.text) }
        return Set(names.map { $0.1.text == "[" ? "Array" : $0.1.text })
    }

    private static func isCode(_ file: SourceFile) -> Bool {
        file.isSwift || file.path.hasSuffix(".c") || file.path.hasSuffix(".h")
    }
}
